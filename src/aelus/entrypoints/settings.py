"""Every setting, with its unit. The only module that reads the environment.

A setting `database_url` is read from `AELUS_DATABASE_URL`. Without any, Aelus keeps everything in one folder and needs nothing else.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import unquote, urlsplit

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from aelus.entrypoints.oidc_settings import OidcIssuer
from aelus.ports.errors import Misconfigured
from aelus.ports.queue import ALL_TASKS, Task

MEBIBYTE = 1024 * 1024
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="AELUS_", extra="forbid", frozen=True, hide_input_in_errors=True, env_ignore_empty=True)

    home: Path = Field(default_factory=lambda: user_data_path("aelus", appauthor=False), description="Folder that keeps all local data.")
    database_url: SecretStr | None = Field(
        default=None, description="PostgreSQL to use in place of the embedded one: postgresql://user:password@host/database."
    )
    database_owner_url: SecretStr | None = Field(
        default=None,
        description="The same database as the role that owns the tables, for migrations only; without it `database_url` migrates too.",
    )
    database_pool_size: int = Field(default=8, ge=2, le=200, description="Connections of one process to the database.")
    redis_url: SecretStr | None = Field(
        default=None,
        description="Redis for the queue, the pace of calls and the cache, in place of those inside the process: redis://host:6379/0.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="Key that secrets are sealed with and API keys recognised by, at least 32 characters; local data has one of its own.",
    )
    voyage_api_key: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("voyage_api_key", "AELUS_VOYAGE_API_KEY", "VOYAGE_API_KEY"),
        description="Key of Voyage AI: embed with its models in place of the offline one. Also read from VOYAGE_API_KEY.",
    )
    voyage_model: str = Field(default="voyage-code-3", description="Voyage AI's model.")
    voyage_dimensions: Literal[256, 512, 1024, 2048] = Field(default=1024, description="Dimensions of its vectors.")
    voyage_output_type: Literal["float", "int8", "uint8", "binary", "ubinary"] = Field(
        default="float", description="What it sends for a vector; smaller types are less exact."
    )
    voyage_base_url: str = Field(default="https://api.voyageai.com/v1", description="Address of Voyage AI's interface.")
    url: str | None = Field(
        default=None, description="A server to ask in place of the local index: commands that can, send their questions to it."
    )
    api_key: SecretStr | None = Field(default=None, description="What the command line shows to that server: a key, or an access token.")
    host: str = Field(default="127.0.0.1", description="Address that `aelus serve` listens at.")
    port: int = Field(default=8765, ge=0, le=65535, description="Port that `aelus serve` listens at; 0 takes a free one.")
    auth: Literal["none", "keys"] = Field(
        default="none",
        description="Who may call: `none` is one person on this machine, loopback only; with `keys` everybody shows a credential.",
    )
    oidc_issuers: tuple[OidcIssuer, ...] = Field(
        default=(), description="External issuers whose tokens are believed, as JSON; see docs/security.md. None by default."
    )
    tenant_retention_days: float = Field(
        default=7.0, ge=0, le=3650, description="Days for which a deleted tenant can be brought back, before a worker purges it."
    )
    host_names: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Names, separated by commas, under which the service may be called beside its address."
    )
    tls_certificate: Path | None = Field(
        default=None, description="File with the certificate to serve HTTPS with, and its chain (PEM). Read again when it changes."
    )
    tls_key: Path | None = Field(default=None, description="File with the certificate's private key (PEM, without a password).")
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Origins, separated by commas, whose pages may call from a browser, as https://example.org; none by default.",
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Addresses and networks, separated by commas, of proxies that are believed whom they call for (X-Forwarded-For).",
    )
    metrics_port: int | None = Field(
        default=None, ge=0, le=65535, description="Port at which this process shows its metrics to anyone, beside `/api/v1/metrics`."
    )
    metrics_host: str = Field(default="127.0.0.1", description="Address of that port.")
    otel_endpoint: str | None = Field(
        default=None, description="Where traces are sent, by OTLP over HTTP, as http://localhost:4318/v1/traces; needs `aelus[otel]`."
    )
    key_share: float = Field(
        default=1.0, gt=0, le=1, description="The share of a tenant's requests per second that one of its credentials may use."
    )
    stranger_requests: int = Field(
        default=50,
        ge=1,
        description="Requests per second that one address may send without a credential, and as many with one that is not good.",
    )
    audit_retention_days: float = Field(default=400, ge=30, description="Days that entries of the audit log are kept.")
    max_requests: int = Field(
        default=1000, ge=1, description="HTTP requests that one process answers at a time; more are refused with 503."
    )
    max_connections: int = Field(default=2000, ge=1, description="Connections that one process holds; more are closed at once.")
    request_timeout_s: float = Field(default=60.0, gt=0, description="Seconds after which a request is given up that has no answer yet.")
    head_timeout_s: float = Field(default=10.0, gt=0, description="Seconds within which a client must send a request's head.")
    body_timeout_s: float = Field(
        default=60.0, gt=0, description="Seconds within which a client must send a request's body, and may read nothing of its answer."
    )
    shutdown_delay_s: float = Field(
        default=0.0, ge=0, le=300, description="Seconds between the signal to stop, from which `/readyz` refuses, and closing the port."
    )
    path_roots: Annotated[tuple[Path, ...], NoDecode] = Field(
        default=(),
        description=f"Folders, separated by {os.pathsep!r}, below which HTTP callers may register local repositories; none by default.",
    )
    git_allow_ssh: bool = Field(default=False, description="Whether repositories may be fetched over ssh; needs `aelus[ssh]`.")
    git_allow_http: bool = Field(default=False, description="Whether repositories may be fetched over unencrypted http.")
    git_private_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Hosts, addresses and networks, separated by commas, that may be fetched from though they are not public."
    )
    max_fetch_bytes: int = Field(default=2048 * MEBIBYTE, ge=MEBIBYTE, description="What a Git server may send for one repository.")
    max_fetch_objects: int = Field(default=5_000_000, ge=1, description="Objects that a Git server may send for one repository.")
    max_fetch_s: float = Field(default=600.0, gt=0, description="Seconds that the fetching of one repository may take.")
    least_free_bytes: int = Field(
        default=64 * MEBIBYTE, ge=0, description="The local database is not started on a disk that has less room left."
    )
    lease_s: float = Field(
        default=30.0, ge=1, le=3600, description="Seconds behind a worker's last sign of life after which its job goes to another one."
    )
    workers: int = Field(default=1, ge=1, le=64, description="Jobs that one process does at the same time.")
    worker_tasks: Annotated[tuple[Task, ...], NoDecode] = Field(
        default=ALL_TASKS, min_length=1, description="Kinds of work that a worker takes, separated by commas, the first-named first."
    )
    parser_processes: int = Field(default=0, ge=0, le=256, description="Processes that parse; 0 is one for each core.")
    facts_cache_bytes: int = Field(
        default=128 * MEBIBYTE, ge=0, description="Memory for what was parsed lately, so that the next push need not read it again."
    )
    max_file_bytes: int = Field(default=2 * MEBIBYTE, ge=1024, description="A larger source file is skipped.")
    max_files: int = Field(default=200_000, ge=1, description="A repository with more source files is refused.")
    max_repository_bytes: int = Field(
        default=2048 * MEBIBYTE, ge=MEBIBYTE, description="A repository with more bytes of source is refused."
    )
    share_bytes: int = Field(
        default=2 * MEBIBYTE,
        ge=0,
        description="A job with as much source to parse asks other workers for help, if one is free; with ten times as much, always.",
    )
    max_memory_bytes: int = Field(
        default=8192 * MEBIBYTE,
        ge=128 * MEBIBYTE,
        description="A repository that would take more memory to index is refused; a million lines take about 2 GB.",
    )
    max_parse_s: float = Field(default=10.0, gt=0, le=600, description="Seconds of a processor that the parsing of one file may take.")
    max_body_bytes: int = Field(default=10 * MEBIBYTE, ge=1024, description="A larger HTTP request body is refused.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="What `aelus serve` and `aelus worker` log."
    )

    @field_validator("path_roots", mode="before")
    @classmethod
    def _split_roots(cls, value: object) -> object:
        return tuple(part for part in value.split(os.pathsep) if part) if isinstance(value, str) else value

    @field_validator("git_private_hosts", "host_names", "cors_origins", "trusted_proxies", "worker_tasks", mode="before")
    @classmethod
    def _split_names(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    def secrets(self) -> Iterator[str]:
        """Values that nobody may read in a log, and the passwords in them."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, SecretStr):
                yield value.get_secret_value()
                yield unquote(urlsplit(value.get_secret_value()).password or "")

    @field_validator("home")
    @classmethod
    def _expand_home(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("cors_origins")
    @classmethod
    def _check_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [origin for origin in value if not ORIGIN.fullmatch(origin)]
        if wrong:
            raise ValueError("each is a scheme, a host and a port if it is not the scheme's own: https://example.org; `*` is not taken")
        return value

    @field_validator("oidc_issuers")
    @classmethod
    def _name_each_once(cls, value: tuple[OidcIssuer, ...]) -> tuple[OidcIssuer, ...]:
        if len({one.issuer for one in value}) < len(value):
            raise ValueError("an issuer is named twice, of which only one would be believed")
        return value

    @model_validator(mode="after")
    def _have_both(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key belong together")
        return self

    @model_validator(mode="after")
    def _recognise_keys(self) -> Self:
        if self.auth == "keys" and self.database_url is not None and self.secret_key is None:
            raise ValueError("auth=keys needs secret_key, the same for every process, by which API keys are recognised")
        return self

    @model_validator(mode="after")
    def _stay_on_loopback(self) -> Self:
        if self.auth == "none" and not is_loopback(self.host):
            raise ValueError(
                f"host {self.host} can be reached from other machines, which auth=none does not allow; use 127.0.0.1, or auth=keys"
            )
        return self


def load_settings(**given: Any) -> Settings:
    """Settings of the environment, with those given in their place.

    Raises Misconfigured, which names each setting that is wrong and never shows a value.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        wrong = "; ".join(f"{_variable(detail['loc'])}: {detail['msg']}" for detail in error.errors(include_input=False, include_url=False))
        raise Misconfigured(f"A setting is wrong: {wrong}.", "Correct it in the environment.") from error


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _variable(location: tuple[int | str, ...]) -> str:
    return f"AELUS_{str(location[0]).upper().removeprefix('AELUS_')}" if location else "settings"


def debugging() -> bool:
    """Whether tracebacks are wanted (AELUS_DEBUG). Not a field: it must be known when the settings themselves are wrong."""
    return os.environ.get("AELUS_DEBUG", "") not in ("", "0")


def colour_wanted() -> bool:
    """Whether a terminal may be sent colour, by the common conventions NO_COLOR and TERM=dumb."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
