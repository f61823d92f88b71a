import pytest

from aelus.adapters.offline import OfflineEmbedder
from aelus.adapters.offline.splitting import parts, pieces
from aelus.adapters.offline.table import RowCounter, load_table
from aelus.domain.search import Vector

RETRY = (
    "retry.py\ncall_with_retries\ndef call_with_retries(call, attempts):\n    for n in range(attempts):\n        sleep(2 ** n + random())"
)
PARSE = "dates.py\nto_datetime\ndef to_datetime(text, zone):\n    return datetime.strptime(text, FORMAT).replace(tzinfo=zone)"
LOCK = "Lockfile.java\nwrite\nvoid write(Path lockFile) throws IOException { Files.writeString(lockFile, ProcessHandle.current().pid()); }"


def likeness(left: Vector, right: Vector) -> float:
    return sum(one * other for one, other in zip(left, right, strict=True))


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("getHTTPServers2", ["get", "http", "servers", "2"]),
        ("snake_case_name", ["snake", "case", "name"]),
        ("URLs", ["urls"]),
        ("MAX_SIZE", ["max", "size"]),
        ("utf8", ["utf", "8"]),
        ("größe", ["gr", "öß", "e"]),
    ],
)
def test_an_identifier_is_split_into_its_parts(identifier: str, expected: list[str]) -> None:
    assert parts(identifier) == expected


def test_an_unknown_part_is_covered_by_the_most_usual_words() -> None:
    assert pieces("getuserid", {"get": 3.0, "user": 4.0, "id": 3.0, "getu": 11.0, "se": 8.0}) == ["get", "user", "id"]


def test_what_no_word_covers_is_left_out() -> None:
    assert pieces("xxuserxx", {"user": 4.0}) == ["user"]


def test_equal_unknown_words_share_a_row() -> None:
    table = load_table()
    assert table.row_ids("日本語") == table.row_ids("日本語")
    assert table.row_ids("日本語")[0] >= len(table.ids)


def test_remembered_identifiers_are_bounded() -> None:
    counter = RowCounter(load_table(), 10)
    counter.count(" ".join(f"name{number}" for number in range(1_000)))
    assert len(counter._known) <= 10


def test_forgetting_changes_no_count() -> None:
    text = "alpha beta alpha gamma_alpha"
    assert RowCounter(load_table(), 1).count(text) == RowCounter(load_table(), 100).count(text)


def test_text_beyond_ascii_is_counted_as_ascii_is() -> None:
    counter = RowCounter(load_table(), 100)
    assert counter.count("open_file(path) §") == counter.count("open_file(path)")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("retry with exponential backoff", RETRY),
        ("parse a date string in a time zone", PARSE),
        ("who writes the process id into the lock", LOCK),
    ],
)
async def test_a_question_is_nearest_to_the_code_that_answers_it(question: str, answer: str) -> None:
    embedder = OfflineEmbedder()
    asked = await embedder.embed_query(question)
    passages = dict(zip([RETRY, PARSE, LOCK], await embedder.embed_documents([RETRY, PARSE, LOCK]), strict=True))
    assert max(passages, key=lambda text: likeness(asked, passages[text])) == answer


async def test_a_vector_does_not_depend_on_what_came_before() -> None:
    fresh, used = OfflineEmbedder(), OfflineEmbedder(remembered_identifiers=3)
    await used.embed_documents([RETRY, PARSE])
    assert await used.embed_query(LOCK) == await fresh.embed_query(LOCK)
