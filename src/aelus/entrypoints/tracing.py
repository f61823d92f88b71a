"""Traces by OpenTelemetry, where the extra `otel` is installed and an address to send them to is set. Otherwise nothing is imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from aelus.domain.origin import request_id
from aelus.entrypoints.release import release
from aelus.ports.errors import Misconfigured

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.trace import Tracer


class _Tracing:
    """Of this process; there is no other way for spans to find their parents' tracer."""

    tracer: Tracer | None = None


@contextmanager
def traces_sent(endpoint: str | None) -> Iterator[None]:
    """Send spans while the context is open, and what is left of them at its end. Nothing happens without an endpoint.

    Args: endpoint: of OTLP over HTTP, as http://collector:4318/v1/traces.

    Raises Misconfigured when the extra is not installed.
    """
    if endpoint is None:
        yield
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise Misconfigured("Traces need the extra package.", "Run: pip install 'aelus[otel]'") from error
    with spans_given_to(BatchSpanProcessor(OTLPSpanExporter(endpoint))):
        yield


@contextmanager
def spans_given_to(processor: SpanProcessor) -> Iterator[None]:
    """Give every span that ends while the context is open to `processor`."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    provider = TracerProvider(resource=Resource.create({"service.name": "aelus", "service.version": release()}))
    provider.add_span_processor(processor)
    _Tracing.tracer = provider.get_tracer("aelus")
    try:
        yield
    finally:
        _Tracing.tracer = None
        provider.shutdown()


def span(name: str, *, caller: Mapping[str, str] | None = None, about: Mapping[str, str] | None = None) -> AbstractContextManager[Any]:
    """A span around what is done while the context is open; its value takes further attributes, and is None where nothing is traced.

    `caller` are headers that may name the span of whoever called, `about` are attributes.
    """
    tracer = _Tracing.tracer
    if tracer is None:
        return nullcontext()
    from opentelemetry.propagate import extract

    context = None if caller is None else extract(caller)
    known = {"aelus.request_id": request_id(), **(about or {})}
    return tracer.start_as_current_span(name, context=context, attributes=known)
