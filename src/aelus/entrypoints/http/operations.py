"""The table of all operations. Routes, validation and the OpenAPI document are made from it."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from aelus.domain.identity import Admission, Caller, Scope
from aelus.entrypoints.http import ingestion, models, repositories, retrieval, service
from aelus.entrypoints.http.calls import Handler

PREFIX = "/api/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    method: str
    path: str
    """Below `PREFIX`."""
    name: str
    """Unique; the `operationId`."""
    summary: str
    handler: Handler
    admission: Admission
    """Whom it lets in."""
    parameters: type[BaseModel] = models.NoParameters
    """Of path and query."""
    body: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    """None for an answer without content, or of another media type."""
    media_type: str = "application/json"
    status: int = 200
    problems: tuple[int, ...] = ()
    """Statuses of refusals beside those that every operation may give."""
    confidential: bool = False
    """Whether its answer holds a secret; it is not compressed then."""


OPERATIONS = (
    Operation(
        method="GET",
        path="/health",
        name="health",
        summary="Whether the process is alive",
        handler=service.health,
        admission=Caller.ANYONE,
        answer=models.Health,
    ),
    Operation(
        method="GET",
        path="/healthz",
        name="healthz",
        summary="The same as /health",
        handler=service.health,
        admission=Caller.ANYONE,
        answer=models.Health,
    ),
    Operation(
        method="GET",
        path="/readyz",
        name="readyz",
        summary="Whether database and queue answer; a 503 names those that do not",
        handler=service.ready,
        admission=Caller.ANYONE,
        answer=models.ReadinessAnswer,
        problems=(503,),
    ),
    Operation(
        method="POST",
        path="/repositories",
        name="addRepository",
        summary="Make a repository known",
        handler=repositories.add,
        admission=Scope.INDEX,
        body=models.NewRepository,
        answer=models.RepositoryAnswer,
        status=201,
        problems=(409,),
    ),
    Operation(
        method="GET",
        path="/repositories",
        name="listRepositories",
        summary="List repositories by name",
        handler=repositories.page,
        admission=Scope.READ,
        parameters=models.PageParameters,
        answer=models.RepositoryPageAnswer,
    ),
    Operation(
        method="GET",
        path="/repositories/{repository_id}",
        name="getRepository",
        summary="Read one repository",
        handler=repositories.one,
        admission=Scope.READ,
        parameters=models.RepositoryParameters,
        answer=models.RepositoryAnswer,
        problems=(404,),
    ),
    Operation(
        method="PATCH",
        path="/repositories/{repository_id}",
        name="changeRepository",
        summary="Change name, address, branch or type; the index follows with the next ingestion",
        handler=repositories.change,
        admission=Scope.INDEX,
        parameters=models.RepositoryParameters,
        body=models.RepositoryPatch,
        answer=models.RepositoryAnswer,
        problems=(404, 409),
    ),
    Operation(
        method="DELETE",
        path="/repositories/{repository_id}",
        name="removeRepository",
        summary="Forget a repository and its index",
        handler=repositories.remove,
        admission=Scope.INDEX,
        parameters=models.RepositoryParameters,
        status=204,
        problems=(404,),
    ),
    Operation(
        method="PUT",
        path="/repositories/{repository_id}/secrets/{purpose}",
        name="keepSecret",
        summary="Keep a credential for the Git server, or the secret that it signs webhooks with; never shown again",
        handler=repositories.keep_secret,
        admission=Scope.ADMINISTER,
        parameters=models.SecretParameters,
        body=models.NewSecret,
        status=204,
        problems=(404, 503),
    ),
    Operation(
        method="DELETE",
        path="/repositories/{repository_id}/secrets/{purpose}",
        name="forgetSecret",
        summary="Forget a credential or a webhook secret",
        handler=repositories.forget_secret,
        admission=Scope.ADMINISTER,
        parameters=models.SecretParameters,
        status=204,
        problems=(404,),
    ),
    Operation(
        method="POST",
        path="/webhooks/{provider}/{repository_id}",
        name="receivePush",
        summary="Hear from a Git server that a branch was pushed to; the body is signed with the repository's webhook secret",
        handler=ingestion.receive,
        admission=Caller.ANYONE,
        parameters=models.WebhookParameters,
        answer=models.ReceptionAnswer,
        status=202,
        problems=(401, 413, 503),
    ),
    Operation(
        method="POST",
        path="/ingest/repository",
        name="ingestRepository",
        summary="Index a repository in the background",
        handler=ingestion.request,
        admission=Scope.INDEX,
        body=models.IngestRepository,
        answer=models.AcceptedAnswer,
        status=202,
        problems=(404, 409, 503),
    ),
    Operation(
        method="GET",
        path="/ingest/jobs",
        name="listJobs",
        summary="List background jobs, newest first",
        handler=ingestion.jobs,
        admission=Scope.READ,
        parameters=models.JobsParameters,
        answer=models.JobsAnswer,
    ),
    Operation(
        method="GET",
        path="/ingest/jobs/{job_id}",
        name="getJob",
        summary="Read one job: status, stage, progress, errors",
        handler=ingestion.job,
        admission=Scope.READ,
        parameters=models.JobParameters,
        answer=models.JobAnswer,
        problems=(404,),
    ),
    Operation(
        method="GET",
        path="/ingest/jobs/{job_id}/events",
        name="followJob",
        summary="Follow a job: server-sent events `progress`, at last `end`, each with the job as data",
        handler=ingestion.events,
        admission=Scope.READ,
        parameters=models.JobParameters,
        media_type="text/event-stream",
        problems=(404,),
    ),
    Operation(
        method="POST",
        path="/ingest/jobs/{job_id}/cancel",
        name="cancelJob",
        summary="End a job before it is done; the index stays as it was",
        handler=ingestion.cancel,
        admission=Scope.INDEX,
        parameters=models.JobParameters,
        answer=models.JobAnswer,
        problems=(404, 409),
    ),
    Operation(
        method="GET",
        path="/admin/dlq",
        name="listFailedJobs",
        summary="List repositories' last jobs that failed for good, newest first",
        handler=ingestion.failed,
        admission=Scope.INDEX,
        parameters=models.JobsParameters,
        answer=models.JobsAnswer,
    ),
    Operation(
        method="POST",
        path="/admin/dlq/retry",
        name="retryFailedJobs",
        summary="Ask for the work of failed jobs again; answers with the new jobs",
        handler=ingestion.retry,
        admission=Scope.INDEX,
        body=models.RetryJobs,
        answer=models.JobsAnswer,
        status=202,
        problems=(404, 409, 503),
    ),
    Operation(
        method="POST",
        path="/retrieve/search",
        name="search",
        summary="Search code by meaning, words and symbols",
        handler=retrieval.search,
        admission=Scope.READ,
        body=models.Search,
        answer=models.SearchAnswer,
        problems=(404, 503),
    ),
    Operation(
        method="POST",
        path="/retrieve/context",
        name="packContext",
        summary="Pack the code that answers a question into a budget of tokens, with citations",
        handler=retrieval.context,
        admission=Scope.READ,
        body=models.Context,
        answer=models.ContextAnswer,
        problems=(404, 503),
    ),
    Operation(
        method="POST",
        path="/retrieve/graph",
        name="traverse",
        summary="Walk the graph from a node, breadth first",
        handler=retrieval.graph,
        admission=Scope.READ,
        body=models.Traversal,
        answer=models.GraphAnswer,
        problems=(404,),
    ),
    Operation(
        method="GET",
        path="/nodes",
        name="findNodes",
        summary="Find definitions by name",
        handler=retrieval.nodes,
        admission=Scope.READ,
        parameters=models.NodesParameters,
        answer=models.NodesAnswer,
    ),
    Operation(
        method="GET",
        path="/nodes/{node_id}",
        name="getNode",
        summary="Read one node",
        handler=retrieval.node,
        admission=Scope.READ,
        parameters=models.NodeParameters,
        answer=models.NodeAnswer,
        problems=(404,),
    ),
    Operation(
        method="GET",
        path="/nodes/{node_id}/source",
        name="getSource",
        summary="Read the source text of a node, as it was indexed",
        handler=retrieval.source,
        admission=Scope.READ,
        parameters=models.NodeParameters,
        answer=models.SourceAnswer,
        problems=(404,),
    ),
    Operation(
        method="GET",
        path="/nodes/{node_id}/callers",
        name="getCallers",
        summary="Who calls a node",
        handler=retrieval.callers,
        admission=Scope.READ,
        parameters=models.CallsParameters,
        answer=models.CallsAnswer,
        problems=(404,),
    ),
    Operation(
        method="GET",
        path="/nodes/{node_id}/callees",
        name="getCallees",
        summary="Whom a node calls",
        handler=retrieval.callees,
        admission=Scope.READ,
        parameters=models.CallsParameters,
        answer=models.CallsAnswer,
        problems=(404,),
    ),
    Operation(
        method="GET",
        path="/nodes/{node_id}/references",
        name="getReferences",
        summary="Where a node is named: calls, imports, types, bases, decorators and all other uses",
        handler=retrieval.references,
        admission=Scope.READ,
        parameters=models.CallsParameters,
        answer=models.CallsAnswer,
        problems=(404,),
    ),
    Operation(
        method="GET",
        path="/stats",
        name="stats",
        summary="Counts and freshness of every repository",
        handler=repositories.stats,
        admission=Scope.READ,
        answer=models.StatsAnswer,
    ),
)
