"""Background indexing over HTTP: asking for it, and watching it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from starlette.responses import StreamingResponse

from aelus.domain.identity import Scope
from aelus.domain.jobs import Job, unended_stages
from aelus.domain.pushes import FilePush
from aelus.domain.tenancy import whole
from aelus.entrypoints.http import ingestion_models, models
from aelus.entrypoints.http.access import check_whole
from aelus.entrypoints.http.calls import Call, read_bounded
from aelus.entrypoints.http.presentation import job_answer
from aelus.entrypoints.http.problems import Refused
from aelus.entrypoints.http.repositories import check_location
from aelus.ports.errors import PortError

STREAMS_PART = 10
"""One tenant's streams are at most this part of the requests that a process answers at a time: they last, and others want in."""
KEEP_ALIVE_S = 4.0
"""Seconds without news after which a stream shows that it is there, and looks whether its reader may still read."""


async def request(call: Call[models.NoParameters, ingestion_models.IngestRepository]) -> ingestion_models.AcceptedAnswer:
    body, ingest = call.body, call.use.request_ingestion()
    ask = ingest.dry_run if body.dry_run else ingest
    job = await ask(call.tenant, await _repository_id(call), branch=body.branch, file_patterns=body.file_patterns)
    return ingestion_models.AcceptedAnswer(job_id=job.id, status=job.state)


async def files(call: Call[models.NoParameters, ingestion_models.IngestFiles]) -> ingestion_models.AcceptedAnswer:
    body, receive_files = call.body, call.use.receive_files()
    contents = {file.path: _content(file) for file in body.files}
    if len(contents) < len(body.files):
        raise Refused(422, "A path is named twice.")
    push = FilePush(files=contents, deleted=body.deleted, commit=body.commit)
    take = receive_files.dry_run if body.dry_run else receive_files
    job = await take(call.tenant, body.repository_id, push)
    return ingestion_models.AcceptedAnswer(job_id=job.id, status=job.state)


async def receive(call: Call[ingestion_models.WebhookParameters, None]) -> ingestion_models.ReceptionAnswer:
    body = await read_bounded(call.request, call.state.settings.max_body_bytes)
    headers = {name.lower(): value for name, value in call.request.headers.items()}
    reception = await call.use.receive_push()(call.parameters.provider, call.parameters.repository_id, headers, body)
    call.request.scope["aelus.acting"] = (reception.tenant, f"webhook:{call.parameters.provider}")
    if reception.job is None:
        return ingestion_models.ReceptionAnswer(job_id=None, status="ignored", reason=reception.reason)
    return ingestion_models.ReceptionAnswer(job_id=reception.job.id, status="accepted", reason="")


async def jobs(call: Call[ingestion_models.JobsParameters, None]) -> ingestion_models.JobsAnswer:
    found = await call.use.read_jobs()(call.tenant, limit=call.parameters.limit)
    return ingestion_models.JobsAnswer(items=[job_answer(job) for job in found])


async def job(call: Call[ingestion_models.JobParameters, None]) -> ingestion_models.JobAnswer:
    found = await call.use.read_jobs().one(call.tenant, call.parameters.job_id)
    return job_answer(found, unended_stages(found, await call.use.get_repository()(call.tenant, found.repository_id)))


async def cancel(call: Call[ingestion_models.JobParameters, None]) -> ingestion_models.JobAnswer:
    return job_answer(await call.use.cancel_job()(call.tenant, call.parameters.job_id))


async def failed(call: Call[ingestion_models.JobsParameters, None]) -> ingestion_models.JobsAnswer:
    found = await call.use.retry_jobs().failed(call.tenant, limit=call.parameters.limit)
    return ingestion_models.JobsAnswer(items=[job_answer(job) for job in found])


async def retry(call: Call[models.NoParameters, ingestion_models.RetryJobs]) -> ingestion_models.JobsAnswer:
    again = await call.use.retry_jobs()(call.tenant, call.body.job_ids)
    return ingestion_models.JobsAnswer(items=[job_answer(job) for job in again])


async def events(call: Call[ingestion_models.JobParameters, None]) -> StreamingResponse:
    """The job's states as server-sent events, `progress` until the last, which is `end`."""
    most = max(1, call.state.settings.max_requests // STREAMS_PART)
    if call.state.streams[call.tenant] >= most:
        raise Refused(429, f"The tenant follows {most} jobs at this process already.", headers={"Retry-After": "5"})
    read = call.use.read_jobs()
    await read.one(call.tenant, call.parameters.job_id)
    states = read.follow(call.tenant, call.parameters.job_id)
    return StreamingResponse(_event_stream(call, states), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _content(file: ingestion_models.NewFile) -> bytes:
    return file.content_base64 if file.content_base64 is not None else (file.content or "").encode()


async def _repository_id(call: Call[models.NoParameters, ingestion_models.IngestRepository]) -> UUID:
    body = call.body
    if (body.repository_id is None) == (body.git_url is None):
        raise Refused(422, "Give either repository_id or git_url.")
    if body.repository_id is not None:
        return body.repository_id
    assert body.git_url is not None
    check_whole(call.principal)
    check_location(call, body.git_url)
    repository, _ = await call.use.register_repository().find_or_add(call.tenant, body.git_url, branch=body.branch or "")
    return repository.id


async def _event_stream(call: Call[ingestion_models.JobParameters, None], states: AsyncIterator[Job]) -> AsyncIterator[str]:
    """Each state as an event, and a comment whenever nothing has happened for a while, so that proxies keep the connection.

    A server that stops ends the stream, and so does whatever would be an error at the beginning of one: the credential ended, the
    repository was removed. Whoever follows a job asks again, and is told.
    """
    with _counted(call), suppress(PortError, Refused):
        async for state in _with_pauses(states, call.state.stop):
            if not await _still_admitted(call):
                return
            if state is None:
                yield ": still there\n\n"
            else:
                name = "end" if state.state.ended else "progress"
                yield f"event: {name}\ndata: {job_answer(state).model_dump_json()}\n\n"


@contextmanager
def _counted(call: Call[ingestion_models.JobParameters, None]) -> Iterator[None]:
    streams, tenant = call.state.streams, whole(call.tenant)
    streams[tenant] += 1
    try:
        yield
    finally:
        streams[tenant] -= 1
        if not streams[tenant]:
            del streams[tenant]


async def _still_admitted(call: Call[ingestion_models.JobParameters, None]) -> bool:
    """Whether the caller would be let in now as they were. Raises Refused, PortError where they show nothing that is good any more."""
    now, then = await call.state.authenticate(call.request), call.principal
    return now.may(Scope.READ) and (now.tenant, now.repositories) == (then.tenant, then.repositories)


async def _with_pauses(states: AsyncIterator[Job], stop: asyncio.Event) -> AsyncIterator[Job | None]:
    """The states, and None for each stretch without one."""
    upcoming = asyncio.ensure_future(anext(states, None))
    stopping = asyncio.ensure_future(stop.wait())
    try:
        while not stopping.done():
            await asyncio.wait([upcoming, stopping], timeout=KEEP_ALIVE_S, return_when=asyncio.FIRST_COMPLETED)
            if not upcoming.done():
                yield None
                continue
            state = upcoming.result()
            if state is None:
                return
            yield state
            upcoming = asyncio.ensure_future(anext(states, None))
    finally:
        for waiting in (upcoming, stopping):
            waiting.cancel()
        await asyncio.wait([upcoming, stopping])
