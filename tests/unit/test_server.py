from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
import socket
import ssl
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from starlette.types import Receive, Scope, Send

from aelus.entrypoints.http.app import create_app
from aelus.entrypoints.http.certificate import Certificate
from aelus.entrypoints.http.envelope import Envelope
from aelus.entrypoints.http.server import serve
from aelus.entrypoints.settings import Settings, load_settings
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import Misconfigured

API = "/api/v1"


@pytest.fixture
def free_port(memory_settings: Settings) -> Settings:
    return memory_settings.model_copy(update={"port": 0})


def write_certificate(folder: Path, *, name: str = "localhost") -> tuple[Path, Path]:
    """Files of a new certificate for this machine, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number(), now, now + dt.timedelta(days=1))
    certificate = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False).sign(key, hashes.SHA256())
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*private))
    return folder / "certificate.pem", folder / "key.pem"


async def test_it_serves_until_it_is_told_to_stop(use_cases: UseCases, free_port: Settings) -> None:
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(use_cases, free_port, announce=address.set_result))
    async with httpx2.AsyncClient() as client:
        response = await client.get(f"{await address}/api/v1/health")
    signal.raise_signal(signal.SIGTERM)
    await asyncio.wait_for(serving, 10)
    assert response.json() == {"status": "ok"}


async def test_a_port_that_is_taken_is_named(use_cases: UseCases, memory_settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Misconfigured, match=f"port {port}.*AELUS_PORT"):
            await serve(use_cases, memory_settings.model_copy(update={"port": port}))


async def test_it_drains_before_it_closes(use_cases: UseCases, free_port: Settings) -> None:
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    settings = free_port.model_copy(update={"shutdown_delay_s": 1.0})
    serving = asyncio.create_task(serve(use_cases, settings, announce=address.set_result))
    async with httpx2.AsyncClient(base_url=await address) as client:
        before = await client.get(f"{API}/readyz")
        signal.raise_signal(signal.SIGTERM)
        await asyncio.sleep(0.1)
        during, alive = await client.get(f"{API}/readyz"), await client.get(f"{API}/health")
    await asyncio.wait_for(serving, 15)
    assert [before.status_code, during.status_code, alive.status_code] == [200, 503, 200]
    assert "stopping" in during.json()["detail"]


async def test_it_speaks_https_with_a_certificate(use_cases: UseCases, free_port: Settings, tmp_path: Path) -> None:
    certificate, key = write_certificate(tmp_path)
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    settings = free_port.model_copy(update={"tls_certificate": certificate, "tls_key": key})
    serving = asyncio.create_task(serve(use_cases, settings, worker=False, announce=address.set_result))
    opened = (await address).replace("127.0.0.1", "localhost")
    async with httpx2.AsyncClient(verify=ssl.create_default_context(cafile=certificate)) as client:
        response = await client.get(f"{opened}{API}/health")
    signal.raise_signal(signal.SIGTERM)
    await asyncio.wait_for(serving, 10)
    assert opened.startswith("https://")
    assert "max-age" in response.headers["strict-transport-security"]


def test_a_renewed_certificate_is_taken_and_a_broken_one_is_not(tmp_path: Path) -> None:
    files = write_certificate(tmp_path, name="first")
    shown = Certificate(*files)
    write_certificate(tmp_path, name="second")
    os.utime(files[0], ns=(1, 1))
    shown.renew()
    files[0].write_text("broken")
    shown.renew()
    assert subject_shown(shown.context) == "second"


def subject_shown(context: ssl.SSLContext) -> str:
    """Of the certificate that a client of this server sees."""
    client_side = ssl.create_default_context()
    client_side.check_hostname, client_side.verify_mode = False, ssl.CERT_NONE
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = context.wrap_bio(to_server, to_client, server_side=True)
    client = client_side.wrap_bio(to_client, to_server)
    for side in (client, server) * 3:
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    shown = x509.load_der_x509_certificate(client.getpeercert(binary_form=True) or b"")
    return str(shown.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


@pytest.mark.parametrize("content", ["", "no certificate"])
def test_a_certificate_that_is_none_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "broken.pem").write_text(content)
    with pytest.raises(Misconfigured, match="AELUS_TLS_CERTIFICATE"):
        Certificate(tmp_path / "broken.pem", tmp_path / "broken.pem")


def test_a_certificate_needs_its_key(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="belong together"):
        load_settings(tls_certificate=tmp_path / "certificate.pem")


@pytest.mark.parametrize("origins", ["*", "example.org", "https://example.org/path", "https://*.example.org"])
def test_origins_are_named_one_by_one(origins: str) -> None:
    with pytest.raises(Misconfigured, match="AELUS_CORS_ORIGINS"):
        load_settings(cors_origins=origins)


async def asked(use_cases: UseCases, settings: Settings, method: str, path: str, **more: object) -> httpx2.Response:
    transport = httpx2.ASGITransport(app=create_app(use_cases, settings))
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return await client.request(method, path, **more)  # type: ignore[arg-type] # what httpx2 takes


PREFLIGHT = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}


async def test_no_other_page_may_call_unless_it_is_named(use_cases: UseCases, memory_settings: Settings) -> None:
    named = memory_settings.model_copy(update={"cors_origins": ("https://app.example",)})
    refused = await asked(use_cases, memory_settings, "OPTIONS", f"{API}/retrieve/search", headers=PREFLIGHT)
    allowed = await asked(use_cases, named, "OPTIONS", f"{API}/retrieve/search", headers=PREFLIGHT)
    other = await asked(use_cases, named, "GET", f"{API}/health", headers={"Origin": "https://other.example"})
    assert "access-control-allow-origin" not in refused.headers | other.headers
    assert allowed.headers["access-control-allow-origin"] == "https://app.example"
    assert "access-control-allow-credentials" not in allowed.headers


async def test_long_answers_are_compressed_for_those_who_take_it(use_cases: UseCases, memory_settings: Settings) -> None:
    packed = await asked(use_cases, memory_settings, "GET", f"{API}/openapi.json", headers={"Accept-Encoding": "gzip"})
    plain = await asked(use_cases, memory_settings, "GET", f"{API}/openapi.json", headers={"Accept-Encoding": "identity"})
    assert (packed.headers["content-encoding"], "content-encoding" in plain.headers) == ("gzip", False)
    assert packed.json() == plain.json()


async def test_a_request_without_an_answer_is_given_up() -> None:
    async def never(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.sleep(60)

    app = Envelope(never, hosts=["127.0.0.1"], timeout_s=0.05, most=1)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://127.0.0.1") as client:
        response = await client.get("/")
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")


async def test_requests_above_the_limit_are_refused(use_cases: UseCases, memory_settings: Settings) -> None:
    transport = httpx2.ASGITransport(app=create_app(use_cases, memory_settings.model_copy(update={"max_requests": 2})))
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        answers = await asyncio.gather(*(client.post(f"{API}/retrieve/search", json={"query": "price"}) for _ in range(12)))
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) == {200, 503}
    assert all("retry-after" in answer.headers for answer in answers if answer.status_code == 503)


async def test_a_name_of_its_own_is_answered(use_cases: UseCases, memory_settings: Settings) -> None:
    named = memory_settings.model_copy(update={"host_names": ("Aelus.example",)})
    response = await asked(use_cases, named, "GET", f"{API}/health", headers={"Host": "aelus.example:8765"})
    assert response.status_code == 200
