"""Search and navigation over HTTP."""

from __future__ import annotations

from aelus.application.read_node import CODE_KINDS
from aelus.domain.search import SearchFilter
from aelus.entrypoints.http import models
from aelus.entrypoints.http.calls import Call
from aelus.entrypoints.http.presentation import calls_answer, context_answer, graph_answer, hit_answer, node_answer, source_answer


async def search(call: Call[models.NoParameters, models.Search]) -> models.SearchAnswer:
    body = call.body
    where = SearchFilter(repositories=body.repository_ids, languages=body.languages, kinds=body.kinds, path=body.path)
    found = await call.use.answer_search()(call.tenant, body.query, where=where, limit=body.top_k, mode=body.mode, group=body.group)
    return models.SearchAnswer(results=[hit_answer(hit) for hit in found.hits], note=found.note)


async def context(call: Call[models.NoParameters, models.Context]) -> models.ContextAnswer:
    body = call.body
    where = SearchFilter(repositories=body.repository_ids, languages=body.languages, kinds=body.kinds, path=body.path)
    pack = call.use.pack_context()
    return context_answer(
        await pack(call.tenant, body.query, where=where, max_tokens=body.max_tokens, mode=body.mode, neighbours=body.neighbours)
    )


async def graph(call: Call[models.NoParameters, models.Traversal]) -> models.GraphAnswer:
    body = call.body
    found = await call.use.traverse_graph()(
        call.tenant, body.start, kinds=body.edge_kinds, direction=body.direction, max_depth=body.max_depth, limit=body.limit
    )
    return graph_answer(found)


async def nodes(call: Call[models.NodesParameters, None]) -> models.NodesAnswer:
    asked = call.parameters
    find = call.use.find_nodes()
    found = await find(
        call.tenant,
        asked.name,
        kinds=asked.kind,
        repositories=asked.repository_id,
        languages=asked.language,
        path=asked.path,
        limit=asked.limit,
    )
    close = call.use.close_names()
    kinds = asked.kind or CODE_KINDS
    suggestions = () if found else await close(call.tenant, asked.name, kinds=kinds, repositories=asked.repository_id)
    return models.NodesAnswer(items=[node_answer(node) for node in found], suggestions=list(suggestions))


async def rerank(call: Call[models.NoParameters, models.Rerank]) -> models.RerankAnswer:
    ranked = await call.use.rerank_texts()(call.body.query, call.body.texts, limit=call.body.top_k)
    return models.RerankAnswer(results=[models.RankedTextAnswer(index=one.index, score=one.score) for one in ranked])


async def node(call: Call[models.NodeParameters, None]) -> models.NodeAnswer:
    return node_answer(await call.use.read_node()(call.tenant, call.parameters.node_id))


async def source(call: Call[models.NodeParameters, None]) -> models.SourceAnswer:
    return source_answer(await call.use.read_source()(call.tenant, call.parameters.node_id))


async def callers(call: Call[models.CallsParameters, None]) -> models.CallsAnswer:
    return calls_answer(await call.use.find_callers().of_node(call.tenant, call.parameters.node_id, limit=call.parameters.limit))


async def references(call: Call[models.CallsParameters, None]) -> models.CallsAnswer:
    return calls_answer(await call.use.find_references().of_node(call.tenant, call.parameters.node_id, limit=call.parameters.limit))


async def callees(call: Call[models.CallsParameters, None]) -> models.CallsAnswer:
    return calls_answer(await call.use.find_callees().of_node(call.tenant, call.parameters.node_id, limit=call.parameters.limit))
