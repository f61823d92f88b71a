"""Questions out of the messages of changes, and weights out of questions."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

from aelus.domain.chunks import Chunk
from aelus.domain.evidence import Evidence
from aelus.domain.ranking import Candidate
from aelus.domain.repository import RepositoryId
from aelus.domain.search import ScoredChunk
from evaluation.__main__ import WRITTEN, by_kind
from evaluation.changes import COMMITTED, MAX_FILES, changed_questions, changed_spans, committed_questions, message_of
from evaluation.fit import FIELDS, SCALE, Case, case_of, fitted, learn
from evaluation.metrics import Quality
from evaluation.packages import read_packages
from evaluation.questions import KINDS, Question, Span

SOURCE = "int a;\nint b;\nint c;\nint added;\nint d;\nint e;\n"
HEAD = "Description: Count what was added to the cart\n Nobody did.\nAuthor: Somebody <a@example.org>\nLast-Update: 2020-01-01\n"
PATCH = "--- a/src/cart.c\n+++ b/src/cart.c\n@@ -2,3 +2,4 @@\n int b;\n int c;\n+int added;\n int d;\n"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A source package with one patch, applied."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "cart.c").write_text(SOURCE)
    _patched(tmp_path, HEAD + PATCH)
    return tmp_path


def _patched(folder: Path, patch: str) -> None:
    patches = folder / "debian" / "patches"
    patches.mkdir(parents=True, exist_ok=True)
    (patches / "series").write_text("# in order\ncount.patch -p1\n")
    (patches / "count.patch").write_text(patch)


def test_a_patch_asks_with_its_message_for_the_lines_that_it_left(package: Path) -> None:
    (question,) = changed_questions(package, {"src/cart.c"})
    assert question.text == "Count what was added to the cart Nobody did."
    assert question.answers == ((Span("src/cart.c", 4, 4),),)


def test_a_patch_of_files_that_are_not_indexed_asks_nothing(package: Path) -> None:
    assert changed_questions(package, {"src/other.c"}) == []


def test_a_patch_that_says_too_little_asks_nothing(package: Path) -> None:
    _patched(package, "Description: Fix it\n" + PATCH)
    assert changed_questions(package, {"src/cart.c"}) == []


def test_a_patch_of_many_files_asks_nothing(package: Path) -> None:
    paths = [f"src/cart{number}.c" for number in range(MAX_FILES + 1)]
    for path in paths:
        (package / path).write_text(SOURCE)
    _patched(package, HEAD + "".join(PATCH.replace("src/cart.c", path) for path in paths))
    assert changed_questions(package, set(paths)) == []


def test_a_message_is_what_it_says_and_not_where_it_comes_from() -> None:
    origin = f"From {'0' * 40} Mon Sep 17\nFrom: A <a@b>\n"
    head = f"{origin}Subject: [PATCH 1/2] Close the file\n\nSigned-off-by: A <a@b>\n"
    assert message_of(head) == "Close the file"


def test_a_change_is_found_where_later_patches_moved_it(package: Path) -> None:
    (package / "src" / "cart.c").write_text("/* moved */\n" * 9 + SOURCE)
    assert list(changed_spans(PATCH, package)) == [Span("src/cart.c", 13, 13)]


def test_a_change_that_a_later_patch_took_back_is_not_asked_for(package: Path) -> None:
    (package / "src" / "cart.c").write_text(SOURCE.replace("int added;\n", ""))
    assert list(changed_spans(PATCH, package)) == []


def test_lines_that_were_only_taken_out_are_asked_for_by_their_neighbour(package: Path) -> None:
    (package / "src" / "cart.c").write_text("int a;\nint c;\n")
    removal = "--- a/src/cart.c\n+++ b/src/cart.c\n@@ -1,3 +1,2 @@\n int a;\n-int b;\n int c;\n"
    assert list(changed_spans(removal, package)) == [Span("src/cart.c", 2, 2)]


def test_a_comment_that_was_taken_out_is_no_head_of_a_file(package: Path) -> None:
    (package / "src" / "cart.c").write_text("select a;\nselect c;\n")
    removal = "--- a/src/cart.c\n+++ b/src/cart.c\n@@ -1,3 +1,2 @@\n select a;\n--- a comment\n select c;\n"
    assert list(changed_spans(removal, package)) == [Span("src/cart.c", 2, 2)]


def test_a_commit_asks_with_its_message_for_the_lines_that_it_found(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "history"
    for folder in (before, after):
        (folder / "src").mkdir(parents=True)
        (folder / "src" / "cart.c").write_text(SOURCE)
    _git(after, "init", "-q")
    _commit(after, "First")
    (after / "src" / "cart.c").write_text(SOURCE.replace("int c;", "long c;"))
    _commit(after, "Count in the cart beyond what an int holds")
    (question,) = committed_questions(after, "HEAD~1..HEAD", before, {"src/cart.c"})
    assert (question.kind, question.text) == (COMMITTED, "Count in the cart beyond what an int holds")
    assert question.answers == ((Span("src/cart.c", 3, 3),),)


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(("git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments), cwd=folder, check=True)


def _commit(folder: Path, message: str) -> None:
    _git(folder, "add", "-A")
    _git(folder, "commit", "-q", "-m", message)


def test_weights_are_learnt_for_the_evidence_that_tells() -> None:
    noise = np.random.default_rng(1)
    cases = []
    for right in range(40):
        evidence = noise.random((8, len(FIELDS)))
        evidence[:, FIELDS.index("meaning")] = np.arange(8) == right % 8
        cases.append(Case("asked", evidence, np.arange(8) == right % 8))
    telling, other = learn(cases, [FIELDS.index("meaning"), FIELDS.index("path")])
    assert telling > 5 * abs(other)


def test_what_is_not_learnt_keeps_its_weight_and_coverage_sets_the_scale() -> None:
    evidence = np.zeros((2, len(FIELDS)))
    evidence[0, FIELDS.index("coverage")] = 1
    case = Case("asked", evidence, np.array([True, False]))
    found, scale = fitted([case], Evidence(legacy=-0.5), ["coverage", "path"])
    assert (found.legacy, found.coverage, found.path) == (-0.5, SCALE, 0.0)
    assert scale > 0


def test_only_questions_with_an_answer_among_the_candidates_teach() -> None:
    answered = Question(kind="asked", text="total", answers=((Span("cart.py", 3, 4),),))
    elsewhere = Question(kind="asked", text="total", answers=((Span("cart.py", 9, 9),),))
    candidates = [_candidate(1), _candidate(3)]
    case = case_of(answered, candidates)
    assert case is not None
    assert case.right.tolist() == [False, True]
    assert case_of(elsewhere, candidates) is None


def test_written_questions_are_averaged_together_and_each_counts_the_same() -> None:
    what, names = (KINDS[kind] for kind in ("what", "names"))
    found = {(what, "Go"): [_quality(0.0), _quality(0.3)], (names, "C"): [_quality(0.9)], ("message of a change", "C"): [_quality(1.0)]}
    assert by_kind(found)[WRITTEN].ndcg == pytest.approx(0.4)


def test_every_fresh_package_has_questions() -> None:
    fresh = [package for package in read_packages() if package.part == "fresh"]
    assert fresh
    assert all(package.has_questions for package in fresh)


def test_every_written_question_is_of_a_kind_and_says_where_its_answers_are() -> None:
    for package in read_packages():
        lines = package.questions.read_text(encoding="utf-8").splitlines() if package.has_questions else []
        asked = [line for line in lines if not line.startswith("[")]
        assert {line.strip("[]") for line in lines} - set(asked) <= KINDS.keys()
        assert all(re.fullmatch(r".+ -> [^ #]+#[^ ]+(, [^ #]+#[^ ]+)*", line) for line in asked)


def _quality(ndcg: float) -> Quality:
    return Quality(ndcg=ndcg, ndcg_by_file=ndcg, reciprocal_rank=ndcg, recall=(ndcg,))


def _candidate(line: int) -> Candidate:
    chunk = Chunk(
        id=str(line), path="cart.py", start_line=line, end_line=line + 1, kind="Function", qualified_name="cart.total", node_id="",
        language="python", text="", content_hash="",
    )  # fmt: skip
    return Candidate(ScoredChunk(repository_id=RepositoryId(int=1), chunk=chunk, score=1.0), Evidence(), set())
