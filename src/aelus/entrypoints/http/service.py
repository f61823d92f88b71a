"""How the service itself is, and what it offers."""

from __future__ import annotations

from importlib import resources

from starlette.responses import Response

from aelus.entrypoints.http import models
from aelus.entrypoints.http.calls import Call
from aelus.entrypoints.http.problems import Refused
from aelus.entrypoints.metrics import MEDIA_TYPE, measuring

ASSETS = {
    "index.html": "text/html; charset=utf-8",
    "docs.html": "text/html; charset=utf-8",
    "style.css": "text/css; charset=utf-8",
    "search.js": "text/javascript; charset=utf-8",
    "docs.js": "text/javascript; charset=utf-8",
}


async def health(_call: Call[models.NoParameters, None]) -> models.Health:
    return models.Health()


async def ready(call: Call[models.NoParameters, None]) -> models.ReadinessAnswer:
    """Raises Refused with 503 and the names of the checks that failed."""
    if call.state.stop.is_set():
        raise Refused(503, "Not ready: it is stopping.", headers={"Connection": "close"})
    found = await call.use.check_readiness()()
    failed = ", ".join(name for name, passed in found.checks.items() if not passed)
    if failed:
        raise Refused(503, f"Not ready: {failed}.", headers={"Retry-After": "1"})
    return models.ReadinessAnswer(status="ready", checks=dict(found.checks))


async def metrics(call: Call[models.NoParameters, None]) -> Response:
    ports = call.use.ports()
    return Response(await measuring().text(ports.queue, ports.gauges), media_type=MEDIA_TYPE)


def asset(name: str) -> Response:
    """A page or one of its parts, from inside the package."""
    if name not in ASSETS:
        raise Refused(404, f"There is no file {name[:100]!r}.")
    content = (resources.files(__package__) / "pages" / name).read_bytes()
    return Response(content, media_type=ASSETS[name], headers={"Cache-Control": "no-cache"})
