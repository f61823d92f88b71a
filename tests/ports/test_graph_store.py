from __future__ import annotations

from aelus.domain.graph import CodeNode, Edge, EdgeKind
from aelus.domain.search import MOST_USES, NO_TIES
from aelus.ports.graph_store import Direction
from index_builder import Content, change, edge, node, small
from stores import Stores


async def test_nodes_come_in_the_order_asked(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    contents = small()
    await stores.write(tenant, shop, change(contents))
    pay, price = contents[1].nodes[0], contents[2].nodes[0]
    found = await stores.graph.nodes(tenant, [price.id, "0" * 32, "no id", pay.id])
    assert [one.node for one in found] == [price, pay]
    assert {one.repository_id for one in found} == {shop.id}


async def test_a_name_is_found_whole_by_its_end_and_in_any_case(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    method = node("cart.py", "pay")._replace(qualified_name="shop.Cart.pay")
    await stores.write(tenant, shop, change([Content("cart.py", (method, node("cart.py", "payment", 9)))]))
    for name in ("shop.Cart.pay", "Cart.pay", "pay", "cart.PAY", "Cart::pay"):
        assert [one.node.qualified_name for one in await stores.graph.find(tenant, name)] == ["shop.Cart.pay"]
    for name in ("Other.pay", "pa", "art.pay", ""):
        assert await stores.graph.find(tenant, name) == []


async def test_the_closest_match_comes_first(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    near, far = node("b.py", "pay")._replace(qualified_name="pay"), node("a.py", "pay")._replace(qualified_name="a.pay")
    await stores.write(tenant, shop, change([Content("a.py", (far,)), Content("b.py", (near,))]))
    assert [one.node.qualified_name for one in await stores.graph.find(tenant, "pay")] == ["pay", "a.pay"]


async def test_edges_are_found_from_both_ends(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    contents = small()
    await stores.write(tenant, shop, change(contents))
    (call,), pay, price = contents[1].edges, contents[1].nodes[0], contents[2].nodes[0]
    assert list(await stores.graph.edges(tenant, [pay.id])) == [call]
    assert list(await stores.graph.edges(tenant, [price.id], direction=Direction.IN)) == [call]
    assert list(await stores.graph.edges(tenant, [pay.id, price.id], direction=Direction.BOTH)) == [call]
    assert list(await stores.graph.edges(tenant, [pay.id], kinds=[EdgeKind.IMPORTS])) == []


async def test_ties_count_uses_and_name_calls_among_the_nodes(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    one, two, outside = node("b.py", "one"), node("a.py", "two"), node("a.py", "outside", 9)
    edges = (edge(one, two, 2), edge(one, two, 3), edge(outside, two, 9), edge(outside, one, 9, EdgeKind.IMPORTS))
    await stores.write(tenant, shop, change([Content("b.py", (one,), edges[:2]), Content("a.py", (two, outside), edges[2:])]))
    ties = await stores.graph.ties(tenant, [one.id, two.id, "no id"])
    assert (dict(ties.uses), list(ties.calls)) == ({two.id: 3}, [(one.id, two.id)])


async def test_uses_are_counted_up_to_a_bound(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    one, two = node("a.py", "one"), node("a.py", "two", 5)
    calls = tuple(edge(one, two, line) for line in range(MOST_USES + 5))
    await stores.write(tenant, shop, change([Content("a.py", (one, two), calls)]))
    assert dict((await stores.graph.ties(tenant, [two.id])).uses) == {two.id: MOST_USES}


async def test_an_export_is_whole_and_in_order(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    one, two = node("b.py", "one", 5), node("a.py", "two")
    calls = (edge(one, two, 6), edge(one, two, 5, EdgeKind.REFERENCES), edge(one, one, 5))
    await stores.write(tenant, shop, change([Content("b.py", (one,), calls), Content("a.py", (two,))]))
    rows = [row async for row in stores.graph.export(tenant, shop.id)]
    assert [row for row in rows if isinstance(row, CodeNode)] == [two, one]
    assert [(row.line, row.kind) for row in rows if isinstance(row, Edge)] == [(5, "CALLS"), (5, "REFERENCES"), (6, "CALLS")]


async def test_another_tenants_graph_does_not_exist(stores: Stores) -> None:
    tenant, other = await stores.tenant(), await stores.tenant()
    shop = await stores.repository(tenant)
    contents = small()
    await stores.write(tenant, shop, change(contents))
    pay = contents[1].nodes[0].id
    assert await stores.graph.nodes(other, [pay]) == []
    assert await stores.graph.find(other, "pay") == []
    assert list(await stores.graph.edges(other, [pay], direction=Direction.BOTH)) == []
    assert (await stores.graph.ties(other, [contents[2].nodes[0].id])) == NO_TIES
    assert [row async for row in stores.graph.export(other, shop.id)] == []
