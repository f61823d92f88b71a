"""Everything that searches or lists, asked for what another tenant has: the same names, the same content, the same questions."""

from __future__ import annotations

from typing import Any

from aelus.domain.search import SearchMode
from isolation_world import Side, Tally, World
from keyed_service import API

READERS = ("owner", "admin", "member", "reader", "restricted")


def queries(world: World) -> list[str]:
    marker = world.theirs.marker
    return [
        marker,
        f"{marker}_price",
        f"shop.{marker}.{marker}_price",
        f"The {marker} rule",
        f"path:shop/{marker}.py price",
        f"price at shop/{marker}.py:2",
        f'"{marker}"',
        f"{marker[:-1]}x price",
        "net_price",
        "take the tax off a price",
        "repo:shop cart",
    ]


async def test_no_search_finds_anything_of_another_tenant(world: World) -> None:
    """Each question is asked by its owner first, so that an answer that is kept would be there to be given away."""
    tally = Tally("lists and searches")
    own = {world.mine.ids["repository"], *world.mine.all_ids}
    for query in queries(world):
        for mode in SearchMode:
            body = {"query": query, "mode": mode.value, "top_k": 50}
            found = await world.http.post(f"{API}/retrieve/search", json=body, headers=world.theirs.callers["owner"])
            tally.check(world.theirs.marker not in query or found.json()["results"] or mode is SearchMode.VECTOR, f"owner finds {query!r}")
            for reader in READERS:
                response = await world.http.post(f"{API}/retrieve/search", json=body, headers=world.mine.callers[reader])
                hits = response.json()["results"] if response.status_code == 200 else []
                tally.check({hit["repository_id"] for hit in hits} <= own, f"{reader} searches {query!r}: foreign repository")
                tally.check(not world.traces(_without(response.text, query)), f"{reader} searches {query!r}: {response.text[:200]}")
                tally.check(reader != "restricted" or not hits, f"{reader} searches {query!r}: finds what was not granted")
    tally.close()


async def test_contexts_and_names_end_at_the_tenant(world: World) -> None:
    for query in queries(world):
        for reader in READERS:
            headers = world.mine.callers[reader]
            packed = await world.http.post(f"{API}/retrieve/context", json={"query": query}, headers=headers)
            named = await world.http.get(f"{API}/nodes", params={"name": query[:100]}, headers=headers)
            for response in (packed, named):
                assert not world.traces(_without(response.text, query)), (query, reader, response.text[:300])


async def test_lists_and_their_cursors_hold_ones_own(world: World) -> None:
    paths = ("/repositories", "/users", "/groups", "/api-keys", "/ingest/jobs", "/admin/dlq", "/stats", "/tenants/me")
    for path in paths:
        theirs = (await world.http.get(f"{API}{path}", headers=world.theirs.callers["owner"])).json()
        cursors = (
            [*_cursors(theirs), world.theirs.ids["key"], "", "zzz"] if path in ("/repositories", "/users", "/groups", "/api-keys") else [""]
        )
        for cursor in cursors:
            params = {"cursor": cursor} if cursor else {}
            for reader in READERS:
                response = await world.http.get(f"{API}{path}", params=params, headers=world.mine.callers[reader])
                assert response.status_code in (200, 403, 422), (path, cursor, response.text)
                assert not world.traces(response.text), (path, cursor, reader)


def _cursors(page: dict[str, Any]) -> list[str]:
    return [str(item["name"]) for item in page["items"]] + [str(item["id"]) for item in page["items"]]


def _without(text: str, query: str) -> str:
    """An answer without the question, which it may repeat."""
    for form in (query, query.replace('"', '\\"')):
        text = text.replace(form, "")
    return text


async def calls_tool(world: World, side: Side, caller: str, name: str, arguments: dict[str, Any]) -> str:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
    headers = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18", **side.callers[caller]}
    response = await world.http.post("/mcp", json=call, headers=headers)
    assert response.status_code == 200, response.text
    return response.text


async def test_no_tool_of_an_agent_tells_of_another_tenant(world: World) -> None:
    tally, marker = Tally("agents"), world.theirs.marker
    symbol = f"{marker}_price"
    calls: list[tuple[str, dict[str, Any], str]] = [
        ("search_code", {"query": marker}, marker),
        ("search_code", {"query": "net_price", "repositories": ["shop"]}, ""),
        ("search_code", {"query": "price", "repositories": [f"{marker}"]}, marker),
        ("get_context", {"question": f"what is {symbol}"}, symbol),
        ("find_symbol", {"name": symbol}, symbol),
        ("find_symbol", {"name": "net_price"}, ""),
        ("callers", {"symbol": "net_price"}, ""),
        ("callers", {"symbol": symbol}, symbol),
        ("callees", {"symbol": symbol}, symbol),
        ("impact", {"symbol": "net_price"}, ""),
        ("impact", {"symbol": symbol}, symbol),
        ("list_repositories", {}, ""),
        ("index_status", {"repository": "shop"}, ""),
        ("index_status", {"repository": f"{marker}"}, marker),
    ]
    for name, arguments, sent in calls:
        for caller in READERS:
            text = await calls_tool(world, world.mine, caller, name, arguments)
            tally.check(not world.traces(text.replace(sent, "") if sent else text), f"{name} {arguments} by {caller}: {text[:300]}")
            tally.check(caller != "restricted" or world.mine.marker not in text, f"{name} {arguments} by {caller}: not granted")
        own = await calls_tool(world, world.theirs, "owner", name, arguments)
        tally.check(own, f"{name} by its owner")
    assert marker in await calls_tool(world, world.theirs, "owner", "find_symbol", {"name": symbol})
    tally.close()
