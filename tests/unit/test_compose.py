"""The files for Docker, as far as they can be judged without it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from aelus.entrypoints.cli.arguments import command_line
from aelus.entrypoints.http.openapi import openapi_document
from aelus.entrypoints.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
OWN = ("migrate", "api", "worker")
OTHER_VARIABLES = {"VOYAGE_API_KEY"}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    return found


def test_what_aelus_needs_is_there(services: Mapping[str, Any]) -> None:
    assert set(services) == {"postgres", "redis", *OWN}


@pytest.mark.parametrize("name", ["postgres", "redis", "api", "worker"])
def test_everything_that_stays_up_has_a_health_check(services: Mapping[str, Any], name: str) -> None:
    assert services[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", ["api", "worker"])
def test_services_wait_for_the_schema(services: Mapping[str, Any], name: str) -> None:
    conditions = {on: needed["condition"] for on, needed in services[name]["depends_on"].items()}
    assert conditions == {"postgres": "service_healthy", "redis": "service_healthy", "migrate": "service_completed_successfully"}


def test_migrations_wait_for_the_database_alone(services: Mapping[str, Any]) -> None:
    assert services["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


@pytest.mark.parametrize("name", OWN)
def test_every_command_is_one_of_ours(services: Mapping[str, Any], name: str) -> None:
    program, *arguments = services[name]["command"]
    assert program == "aelus"
    assert command_line().parse_args(arguments).command == arguments[0]


@pytest.mark.parametrize("name", OWN)
def test_every_variable_is_a_setting(services: Mapping[str, Any], name: str) -> None:
    known = {f"AELUS_{field.upper()}" for field in Settings.model_fields} | OTHER_VARIABLES
    assert set(services[name]["environment"]) <= known


def test_the_api_is_asked_for_a_path_that_it_has(services: Mapping[str, Any]) -> None:
    *_, script = services["api"]["healthcheck"]["test"]
    asked = re.findall(r"'(/[^']+)'", script)
    assert asked == ["/api/v1/readyz"]
    assert set(asked) <= set(openapi_document()["paths"])


@pytest.mark.parametrize("name", ["api", "worker"])
def test_keys_reach_what_opens_secrets_and_embeds(services: Mapping[str, Any], name: str) -> None:
    environment = services[name]["environment"]
    assert environment["AELUS_SECRET_KEY"].startswith("${AELUS_SECRET_KEY:?")
    assert environment["VOYAGE_API_KEY"] == "${VOYAGE_API_KEY:-}"


def test_the_documents_tell_of_every_value_that_is_taken_from_outside() -> None:
    taken = set(re.findall(r"\$\{(\w+):", (ROOT / "compose.yaml").read_text()))
    told = (ROOT / "docs" / "operations.md").read_text().split("### With Docker")[1].split("\n## ")[0]
    assert taken <= set(re.findall(r"[A-Z_]+_[A-Z]+", told))


def test_no_password_has_a_default() -> None:
    text = (ROOT / "compose.yaml").read_text()
    assert "_PASSWORD:-" not in text
    assert text.count("_PASSWORD:?") == text.count("${AELUS_POSTGRES_PASSWORD") + text.count("${AELUS_REDIS_PASSWORD")


def test_ports_are_open_to_this_machine_only(services: Mapping[str, Any]) -> None:
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_who_can_reach_the_api_needs_a_key(services: Mapping[str, Any]) -> None:
    given = {name.removeprefix("AELUS_").lower(): value for name, value in services["api"]["environment"].items() if "$" not in value}
    settings = load_settings(**{name: given[name] for name in ("host", "auth")}, secret_key="s" * 32)
    assert (settings.auth, settings.host, settings.port) == ("keys", "0.0.0.0", 8765)
    assert "network_mode" not in services["api"]


def test_the_image_does_not_run_as_root() -> None:
    assert "USER aelus" in (ROOT / "Dockerfile").read_text()


def test_the_image_installs_locked_packages() -> None:
    assert "--require-hashes -r requirements/run.txt" in (ROOT / "Dockerfile").read_text()


def test_the_image_compiles_the_hot_modules_with_the_compiler_that_is_tested() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert "AELUS_COMPILE=1" in text
    assert "--require-hashes -r requirements/dev.txt" in text
    assert "!setup.py" in (ROOT / ".dockerignore").read_text()


def test_the_image_has_every_extra_in_the_versions_that_are_tested() -> None:
    shipped, tested = (_pinned(ROOT / "requirements" / name) for name in ("run.txt", "dev.txt"))
    assert {"voyageai", "paramiko", "opentelemetry-sdk"} <= set(shipped)
    assert shipped.items() <= tested.items()


def _pinned(locked: Path) -> dict[str, str]:
    """Name → version."""
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", locked.read_text(), re.MULTILINE))
