"""What the command line costs before it does anything, and what it tells about itself."""

from __future__ import annotations

import subprocess
import sys

import pytest

from aelus.application.assess_impact import MAX_DEPTH, MAX_REACHED
from aelus.application.find_calls import MAX_CALLS
from aelus.application.pack_context import MAX_TOKENS, MIN_TOKENS
from aelus.application.search_code import MAX_HITS
from aelus.entrypoints.cli import main
from aelus.entrypoints.cli.arguments import MAX_PROCESSES, command_line

COMMANDS = ("index", "search", "callers", "callees", "impact", "repos", "parse", "export", "serve", "worker", "migrate", "doctor")
HEAVY = {
    "asyncio",
    "asyncpg",
    "dulwich",
    "numpy",
    "orjson",
    "pydantic",
    "rich",
    "starlette",
    "structlog",
    "taskiq",
    "tree_sitter",
    "uvicorn",
}


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom aelus.entrypoints.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    print(sorted(sys.modules), file=sys.stderr)"
    )
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(outcome.stderr.strip("[]\n").replace("'", "").split(", "))
    assert "argparse" in loaded
    assert loaded & HEAVY == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    example = capsys.readouterr().out.partition("example:")[2]
    assert f"aelus {command}" in example


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    assert [command for command in COMMANDS if f"    {command} " not in shown] == []


@pytest.mark.parametrize(
    ("given", "meant"), [(["serch", "x"], "search"), (["repos", "lft-out", "x"], "left-out"), (["search", "x", "--group", "fiel"], "file")]
)
def test_a_misspelt_word_is_asked_back(given: list[str], meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(given)
    assert ended.value.code == 2
    assert f"did you mean {meant!r}?" in capsys.readouterr().err


def test_without_a_command_help_is_shown_as_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "commands:" in capsys.readouterr().err


def test_the_version_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.startswith("aelus ")


def test_a_query_may_be_written_without_quotes() -> None:
    assert command_line().parse_args(["search", "where", "is", "it", "-k", "3"]).query == ["where", "is", "it"]


def test_an_error_does_not_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parse", "/nowhere/\x1b[2J\x07gone"]) == 1
    said = capsys.readouterr().err
    assert "gone" in said
    assert "\x1b" not in said
    assert "\x07" not in said


BOUNDS = {
    "search x -k": (1, MAX_HITS),
    "context x --max-tokens": (MIN_TOKENS, MAX_TOKENS),
    "callers x --limit": (1, MAX_CALLS),
    "callees x --limit": (1, MAX_CALLS),
    "impact x --depth": (1, MAX_DEPTH),
    "impact x --limit": (1, MAX_REACHED),
    "serve --port": (0, 65535),
    "parse . --jobs": (1, MAX_PROCESSES),
}


@pytest.mark.parametrize("option", BOUNDS)
def test_a_number_out_of_bounds_is_wrong_usage(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    least, most = BOUNDS[option]
    words = option.split()
    for number in (least, most):
        command_line().parse_args([*words, str(number)])
    for given in (str(least - 1), str(most + 1), "abc", "", "9" * 5000, "\u00b2"):
        with pytest.raises(SystemExit) as ended:
            main([*words[:-1], f"{words[-1]}={given}"])
        assert ended.value.code == 2
        assert f"is no number from {least} to {most}" in capsys.readouterr().err
