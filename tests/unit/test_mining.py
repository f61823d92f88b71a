"""What the word table of the offline embedder is taught, and what must not teach it."""

from __future__ import annotations

from pathlib import Path

import pytest

from licences import UNKNOWN, licence_of, may_be_mined
from pairs import Pair, pairs_of
from sources import Reserved, Source, read_sources

LISTED = '''
class Ledger:
    """Keeps the books of one shop for a year.

    Entries are never changed.
    """

    def post(self, entry):
        """Write an entry into the books.

        The balance follows it.
        """
        self.entries.append(entry)
        self.balance += entry.amount
        return self.balance

    def close(self, year):
        self.closed.add(year)
'''


def mined(text: str, path: str = "shop/ledger.py", language: str = "python") -> list[Pair]:
    return list(pairs_of(Source("shop", path, language, text)))


def of_kind(pairs: list[Pair], kind: str) -> Pair:
    return next(pair for pair in pairs if pair.kind == kind)


def test_a_description_asks_for_its_function_and_is_not_in_it() -> None:
    pair = of_kind(mined(LISTED), "comment")
    assert (pair.query, pair.name) == ("Write an entry into the books.", "post")
    assert "self.entries.append" in pair.body
    assert pair.query not in pair.body


def test_a_description_of_a_class_asks_for_what_it_offers() -> None:
    pair = of_kind(mined(LISTED), "type")
    assert pair.query == "Keeps the books of one shop for a year."
    assert "def post(self, entry):" in pair.body


def test_a_comment_in_braces_asks_for_the_type_below() -> None:
    text = "/** Keeps the books of one shop. */\npublic class Ledger {\n    private final List<Entry> entries = new ArrayList<>();\n}\n"
    assert of_kind(mined(text, "Ledger.java", "java"), "type").name == "Ledger"


def test_the_words_of_a_name_ask_for_the_body() -> None:
    body = "\n".join(f"    total += entries[{number}].amount" for number in range(5))
    pair = of_kind(mined(f"def sum_of_entries(entries, total):\n{body}\n"), "name")
    assert pair.query == "sum of entries"
    assert not pair.shows_name


def test_names_of_tests_ask_for_nothing() -> None:
    body = "\n".join(f"    total += entries[{number}].amount" for number in range(5))
    assert not mined(f"def sum_of_entries(entries, total):\n{body}\n", "tests/ledger.py")


@pytest.mark.parametrize(
    ("head", "allowed"), [("# Sums entries.\n", True), ("# Taken from ledgerlib 2.0.\n", False), ("# Uses ledgerlib 2.0.\n", True)]
)
def test_a_file_that_says_it_is_copied_from_a_reserved_package_is_left_out(head: str, *, allowed: bool) -> None:
    assert Reserved({"ledgerlib"}).has(head) is not allowed


@pytest.mark.parametrize(
    ("name", "forbidden"), [("ledgerlib", True), ("ledgerlib-fork", True), ("_LedgerLib", True), ("tally", True), ("tallying", False)]
)
def test_reserved_names_forbid_forks_too_and_judged_ones_themselves(name: str, *, forbidden: bool) -> None:
    assert Reserved({"ledgerlib"}, {"tally"}).forbids(name) is forbidden


def test_a_file_that_shares_its_code_with_a_judged_package_is_left_out(tmp_path: Path) -> None:
    code = "".join(f"total_of_line_{number} = compute_the_total(lines[{number}], rounding)\n" for number in range(20))
    own = "".join(f"other_value_{number} = look_up_the_price(articles[{number}], today)\n" for number in range(20))
    for file, text in (("judged/a.py", code), ("mined/copy.py", "# mine\n" + code), ("mined/own.py", own)):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text, encoding="utf-8")
    reserved = Reserved(set(), {"judged"}, tmp_path / "judged")
    assert [source.path for source in read_sources(tmp_path / "mined", reserved)] == ["own.py"]


@pytest.mark.parametrize(
    ("file", "text", "licence", "allowed"),
    [
        ("package.json", '{"license": "MIT"}', "MIT", True),
        ("package.json", '{"license": "(MIT OR GPL-3.0)"}', "(MIT OR GPL-3.0)", True),
        ("Cargo.toml", '[package]\nlicense = "MPL-2.0"\n', "MPL-2.0", False),
        ("x.dist-info/METADATA", "Name: x\nLicense-Expression: GPL-3.0-only\n\n", "GPL-3.0-only", False),
        ("COPYING", "GNU GENERAL PUBLIC\n   LICENSE", "GPL", False),
        ("LICENSE", "Permission is hereby granted, free of charge, to any person", "MIT", True),
        ("README", "Hello", UNKNOWN, True),
    ],
)
def test_a_package_is_mined_only_under_a_permissive_licence(tmp_path: Path, file: str, text: str, licence: str, *, allowed: bool) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(text, encoding="utf-8")
    assert licence_of(tmp_path) == licence
    assert may_be_mined(licence) is allowed
