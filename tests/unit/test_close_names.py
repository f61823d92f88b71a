"""Names that may have been meant."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from aelus import Aelus
from aelus.application.close_names import closest, did_you_mean
from aelus.ports.errors import NotFound
from sample_project import write_project

KNOWN = ["json.dumps", "json.dump", "json.decref", "fields.Field.load", "schema.Schema.load", "schema.Schema.dump", "net_price"]


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("dumsp", "json.dumps"),
        ("Schema.laod", "schema.Schema.load"),
        ("Shcema.load", "schema.Schema.load"),
        ("price_net", "net_price"),
        ("NetPrice", "net_price"),
    ],
)
def test_the_closest_name_comes_first(asked: str, first: str) -> None:
    assert closest(asked, KNOWN)[0] == first


def test_a_name_like_none_is_close_to_none() -> None:
    assert closest("xyzzy", KNOWN) == ()


@pytest.mark.parametrize(
    ("names", "said"), [((), "No name comes close"), (("a",), "Did you mean a?"), (("a", "b", "c"), "Did you mean a, b or c?")]
)
def test_names_are_offered_as_a_question(names: tuple[str, ...], said: str) -> None:
    assert did_you_mean(names).startswith(said)


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize("asked", ["nett_price", "net_pirce", "price_net", "netprise"])
async def test_calls_and_impact_of_a_misspelt_name_offer_the_right_one(aelus: Aelus, asked: str) -> None:
    for ask in (aelus.callers, aelus.callees, aelus.impact):
        with pytest.raises(NotFound, match=r"No function, method or class is called .*Did you mean shop.prices.net_price\?"):
            await ask(asked)


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize("asked", ["Cart.ttal", "Cart.toatl", "Crat.total", "Cart::totl"])
async def test_a_member_is_meant_by_its_class_and_a_name_like_its_own(aelus: Aelus, asked: str) -> None:
    with pytest.raises(NotFound, match=r"Did you mean shop.cart.Cart.total"):
        await aelus.callers(asked)


async def test_a_short_name_with_two_letters_in_each_others_place_is_meant(aelus: Aelus, tmp_path: Path) -> None:
    await aelus.index(write_project(tmp_path / "short", {"a.py": "def load():\n    return 1\n"}))
    with pytest.raises(NotFound, match=r"Did you mean a.load"):
        await aelus.callers("laod")


@pytest.mark.usefixtures("indexed")
async def test_nodes_over_http_come_with_names_where_none_has_the_asked_one(client: httpx2.AsyncClient) -> None:
    answer = (await client.get("/api/v1/nodes", params={"name": "net_pirce"})).json()
    assert (answer["items"], answer["suggestions"]) == ([], ["shop.prices.net_price"])
    assert (await client.get("/api/v1/nodes", params={"name": "net_price"})).json()["suggestions"] == []
