"""What may be written on the command line. Imports nothing but argparse: this is all that `--help` needs."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

ABOUT = "Index repositories into one code graph and search them: by meaning, by words, by name, and along calls."
MAX_PROCESSES = 256
MAX_DIGITS = 9
ENVIRONMENT = (
    "Without any setting everything is kept in one folder (AELUS_HOME) and needs no server, no key and no network.\n"
    "AELUS_DATABASE_URL, AELUS_REDIS_URL and VOYAGE_API_KEY replace a part each; AELUS_DEBUG=1 shows tracebacks.\n"
    "With AELUS_URL and AELUS_API_KEY a server answers: index (of addresses), search, context, callers, callees, impact, repos, jobs, keys."
)


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_args: object) -> None:
        from aelus.entrypoints.release import release

        print(f"aelus {release()}")
        parser.exit()


class _Parser(argparse.ArgumentParser):
    """Asks back which word was meant by one that is nearly it."""

    def error(self, message: str) -> NoReturn:
        import re
        from difflib import get_close_matches

        unknown = re.search(r"invalid choice: '([^']*)' \(choose from (.*)\)", message)
        known = [word.strip(" '") for word in unknown.group(2).split(",")] if unknown else []
        close = get_close_matches(unknown.group(1), known, n=1) if unknown else []
        super().error(f"{message}; did you mean {close[0]!r}?" if close else message)


def command_line() -> argparse.ArgumentParser:
    """The whole grammar. The parsed `command` is the name of the module that runs it; None where none was given."""
    parser = _parser("aelus", ABOUT, ENVIRONMENT)
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    for add in COMMANDS:
        add(commands)
    return parser


def _parser(name: str, about: str, epilog: str) -> argparse.ArgumentParser:
    return _Parser(prog=name, description=about, epilog=epilog, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)


def _command(commands: Any, name: str, about: str, *, example: str, module: str = "", summary: str = "") -> argparse.ArgumentParser:
    added: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary or about.partition(".")[0][0].lower() + about.partition(".")[0][1:],
        description=about,
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    added.set_defaults(command=module or name)
    return added


def _json(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument("--json", action="store_true", help=f"print {what}")


def _within(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--repo", action="append", default=[], metavar="NAME", help="only in this repository; may be repeated")


def _filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", action="append", default=[], metavar="L", help="only in this language, as python or py; may be repeated")
    parser.add_argument("--kind", action="append", default=[], metavar="K", help="only such definitions, as Function; may be repeated")
    parser.add_argument("--path", default="", metavar="P", help="only in files whose path has this part or fits this pattern")


def _index(commands: Any) -> None:
    about = "Index a folder or a Git repository, or bring its index up to date. Only what changed is written, all at once."
    parser = _command(
        commands, "index", about, example="aelus index ~/src/myproject\n  aelus index https://host/team/project.git --branch main"
    )
    parser.add_argument("location", metavar="PATH_OR_URL", help="a folder, or the address of a Git repository")
    parser.add_argument("--name", default="", help="name of the repository; its last part by default")
    parser.add_argument("--branch", default="", help="branch to index; beside that of a known repository as NAME@BRANCH")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")
    _json(parser, "one object: counts, what was written, seconds per stage, and the peak memory of all own processes")


def _watch(commands: Any) -> None:
    about = "Index a folder, and keep its index current while you work in it. What is saved is searchable a moment later. Ctrl-C stops."
    parser = _command(
        commands, "watch", about, example="aelus watch ~/src/myproject", summary="keep the index of a folder current while you work"
    )
    parser.add_argument("folder", metavar="PATH", help="a folder")
    parser.add_argument("--name", default="", help="name of the repository; its last part by default")
    _json(parser, "one object for each update, as `aelus index --json` does")


def _search(commands: Any) -> None:
    about = "Search the code by meaning, by words and by name. Best first."
    parser = _command(commands, "search", about, example='aelus search "where are retries decided" -k 5')
    parser.add_argument(
        "query",
        nargs="+",
        metavar="QUERY",
        help='words, a question, a name, FILE:LINE; also lang:L path:P kind:K repo:R and "exact phrases"',
    )
    _within(parser)
    _filters(parser)
    parser.add_argument(
        "--group",
        choices=("spread", "none", "file"),
        default="spread",
        help="`none`: however many answers of one file; `file`: only the best of each",
    )
    parser.add_argument("-k", type=_number(1, 100), default=10, metavar="N", help="number of answers, 1 to 100 (10)")
    _json(parser, "one object a line")


def _context(commands: Any) -> None:
    about = "Pack the code that answers a question into a budget of tokens. Whole functions, signatures of what is near, citations."
    parser = _command(commands, "context", about, example='aelus context "how are retries decided" --max-tokens 4000')
    parser.add_argument("query", nargs="+", metavar="QUERY", help="what to know: words, a question, or a name; filters as for `search`")
    _within(parser)
    _filters(parser)
    parser.add_argument("--max-tokens", type=_number(500, 100_000), default=8000, metavar="N", help="budget, 500 to 100,000 (8000)")
    parser.add_argument("--no-neighbours", action="store_true", help="only what the search finds, nothing along the graph")
    _json(parser, "one object")


def _callers(commands: Any) -> None:
    about = "Show who calls a function, method or class. With the place, how it was found and how sure it is."
    _calls(_command(commands, "callers", about, example="aelus callers Parser.parse --repo myproject", module="calls"), "callers")


def _callees(commands: Any) -> None:
    about = "Show whom a function, method or class calls. With the place, how it was found and how sure it is."
    _calls(_command(commands, "callees", about, example="aelus callees Parser.parse --repo myproject", module="calls"), "callees")


def _calls(parser: argparse.ArgumentParser, direction: str) -> None:
    parser.add_argument("symbol", metavar="SYMBOL", help="a name: function, Class.method, or a full qualified name")
    _within(parser)
    parser.add_argument(
        "--limit", type=_number(1, 1000), default=200, metavar="N", help="calls to show for each definition, 1 to 1000 (200)"
    )
    _json(parser, "one object a line, for each definition that the name may mean")
    parser.set_defaults(direction=direction)


def _impact(commands: Any) -> None:
    about = "Show what a change can reach. Everything that depends on a definition, directly or by way of others, and whether that is all."
    parser = _command(commands, "impact", about, example="aelus impact Parser.parse --repo myproject --depth 4")
    parser.add_argument("symbol", metavar="SYMBOL", help="a name: function, Class.method, or a full qualified name")
    _within(parser)
    parser.add_argument("--depth", type=_number(1, 8), default=3, metavar="N", help="steps to follow, 1 to 8 (3)")
    parser.add_argument("--limit", type=_number(1, 500), default=100, metavar="N", help="dependants to show, 1 to 500 (100)")
    _json(parser, "one object")


def _repos(commands: Any) -> None:
    about = "List what is indexed, how fresh it is, and what was left out; remove one, or keep what its Git server asks for."
    example = "aelus repos\n  aelus repos left-out myproject\n  aelus repos secret myproject credential < token.txt"
    parser = _command(commands, "repos", about, example=example, summary="list what is indexed, or remove one")
    _json(parser, "one object a line")
    parser.set_defaults(remove=None, left_out=None, secret=None)
    actions = parser.add_subparsers(title="actions", metavar="[ACTION]")
    described = "List the files that the index of a repository leaves out, and why. A folder that is left out as a whole is one line."
    left_out = actions.add_parser("left-out", help="list the files that an index leaves out, and why", description=described)
    left_out.add_argument("left_out", metavar="NAME", help="name of the repository")
    left_out.add_argument("--json", action="store_true", help="print one object a line")
    remove = actions.add_parser("remove", help="forget a repository and its index", description="Forget a repository and its index.")
    remove.add_argument("remove", metavar="NAME", help="name of the repository; its source is not touched")
    described = (
        "Keep a secret of a repository, encrypted. It is read from the standard input, or asked for on a terminal, and never shown again. "
        "A credential is `user:password` or a token alone; ssh needs a private key without a passphrase, and lines of known_hosts; "
        "a webhook secret has at least 16 characters."
    )
    secret = actions.add_parser("secret", help="keep a credential or a webhook secret", description=described)
    secret.add_argument("secret", metavar="NAME", help="name of the repository")
    purposes = ("credential", "ssh_key", "known_hosts", "webhook")
    secret.add_argument("purpose", choices=purposes, help="for fetching, also over ssh, or for the announcements of pushes")
    secret.add_argument("--forget", action="store_true", help="forget it in place of keeping a new one")


def _jobs(commands: Any) -> None:
    about = "List the jobs of `aelus serve` and `aelus worker`, newest first; cancel one, or try failed ones again."
    parser = _command(
        commands,
        "jobs",
        about,
        example="aelus jobs\n  aelus jobs cancel ID\n  aelus jobs retry ID",
        summary="list background jobs, cancel or retry",
    )
    _json(parser, "one object a line")
    parser.set_defaults(cancel=None, retry=None)
    actions = parser.add_subparsers(title="actions", metavar="[ACTION]")
    cancel = actions.add_parser("cancel", help="end a job before it is done", description="End a job before it is done.")
    cancel.add_argument("cancel", metavar="ID", type=_identifier, help="of the job; its repository's index stays as it was")
    retry = actions.add_parser("retry", help="ask for failed work again", description="Ask for failed work again.")
    retry.add_argument("retry", metavar="ID", type=_identifier, nargs="+", help="of a job that failed")


def _audit(commands: Any) -> None:
    about = "Show who did what to a tenant, and what was forbidden. Oldest first, all that is kept."
    example = "aelus audit --json > audit.jsonl\n  aelus audit --operators --since 2026-01-31"
    parser = _command(commands, "audit", about, example=example, summary="show who did what")
    parser.add_argument("--tenant", type=_identifier, metavar="ID", help="of this tenant; the local one without it")
    parser.add_argument("--operators", action="store_true", help="what operators did, in place of a tenant's")
    parser.add_argument("--since", type=_day, metavar="DAY", help="from this day on (UTC), as 2026-01-31")
    parser.add_argument("--until", type=_day, metavar="DAY", help="before this day")
    _json(parser, "one object a line")


def _day(text: str) -> object:
    from datetime import UTC, datetime

    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day as 2026-01-31") from None


def _parse(commands: Any) -> None:
    about = "Parse and link a folder and write its graph as JSON lines. Nothing is stored."
    parser = _command(commands, "parse", about, example="aelus parse src -o graph.jsonl")
    parser.add_argument("path", metavar="PATH", help="a folder")
    parser.add_argument("-o", "--output", metavar="FILE", help="write to this file, whole or not at all, in place of standard output")
    parser.add_argument("--jobs", type=_number(1, MAX_PROCESSES), metavar="N", help="processes that parse; one for each core by default")


def _export(commands: Any) -> None:
    about = (
        "Write the stored graph of a repository as JSON lines. Lines of the form that `aelus parse` writes; the ids are those of the store."
    )
    parser = _command(commands, "export", about, example="aelus export --repo myproject > graph.jsonl")
    parser.add_argument("--repo", required=True, metavar="NAME", help="name of the repository")
    parser.add_argument("-o", "--output", metavar="FILE", help="write to this file, whole or not at all, in place of standard output")


def _serve(commands: Any) -> None:
    about = "Serve HTTP, with the worker in the same process. Stops with Ctrl-C, after the work at hand."
    parser = _command(commands, "serve", about, example="aelus serve --port 8765")
    parser.add_argument("--host", help="address to listen at (AELUS_HOST, 127.0.0.1)")
    parser.add_argument("--port", type=_number(0, 65535), help="port to listen at, 0 for a free one (AELUS_PORT, 8765)")
    parser.add_argument("--no-worker", action="store_true", help="answer only; `aelus worker` does the jobs")


def _worker(commands: Any) -> None:
    about = "Do the jobs that `aelus serve` hands out by way of Redis. Stops with Ctrl-C, after the job at hand."
    _command(commands, "worker", about, example="AELUS_REDIS_URL=redis://localhost:6379/0 aelus worker")


def _mcp(commands: Any) -> None:
    about = "Answer coding agents over standard input and output, by the Model Context Protocol. The agent starts it itself."
    _command(commands, "mcp", about, example="claude mcp add aelus -- aelus mcp")


def _migrate(commands: Any) -> None:
    about = (
        "Bring the database to this version's schema. Every other command checks it; this one alone is needed where they may not change it."
    )
    parser = _command(commands, "migrate", about, example="AELUS_DATABASE_URL=postgresql://aelus@localhost/aelus aelus migrate")
    _json(parser, "one object: which migrations were applied")


def _doctor(commands: Any) -> None:
    about = "Check everything that Aelus needs here, and say what to do about what is missing."
    parser = _command(commands, "doctor", about, example="aelus doctor")
    _json(parser, "one object a line")


def _tenants(commands: Any) -> None:
    about = "Make, list and delete tenants of this service. Works on the database itself, so whoever may reach that may do this."
    example = 'aelus tenants create "Team A"\n  aelus tenants list\n  aelus tenants delete ID'
    parser = _command(commands, "tenants", about, example=example, summary="make, list and delete tenants")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", dest="action", required=True)
    create = actions.add_parser("create", help="make one; prints its first key, and a new service's first operator key, once")
    create.add_argument("name", metavar="NAME", help="what people call it")
    listed = actions.add_parser("list", help="list all, oldest first")
    delete = actions.add_parser("delete", help="its keys open nothing from now on; after AELUS_TENANT_RETENTION_DAYS it is purged")
    restore = actions.add_parser("restore", help="bring a deleted one back")
    purge = actions.add_parser("purge", help="remove everything of a deleted one, now and for good")
    for action in (delete, restore, purge):
        action.add_argument("tenant", metavar="ID", type=_identifier, help="of the tenant")
    for action in (create, listed):
        _json(action, "one object a line")


def _keys(commands: Any) -> None:
    about = "Make, list and revoke API keys of a tenant, or of operators. Works on the database itself."
    example = "aelus keys create ci --tenant ID --role member\n  aelus keys create platform --operator\n  aelus keys revoke ID --tenant ID"
    parser = _command(commands, "keys", about, example=example, summary="make, list and revoke API keys")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", dest="action", required=True)
    create = actions.add_parser("create", help="make one; it is printed once")
    create.add_argument("name", metavar="NAME", help="what it is for")
    create.add_argument("--role", choices=("owner", "admin", "member", "reader"), default="reader", help="what it may (reader)")
    create.add_argument("--days", type=float, metavar="N", help="how long it is good; for ever without it")
    listed = actions.add_parser("list", help="list all, those too that have ended")
    revoke = actions.add_parser("revoke", help="let one open nothing any more")
    revoke.add_argument("key", metavar="ID", type=_identifier, help="of the key")
    for action in (create, listed, revoke):
        action.add_argument("--tenant", metavar="ID", type=_identifier, help="of the tenant; the local one without it")
        action.add_argument("--operator", action="store_true", help="of operators, in place of a tenant")
    for action in (create, listed):
        _json(action, "one object a line")


def _identifier(text: str) -> object:
    from uuid import UUID

    try:
        return UUID(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no id; `aelus jobs`, `aelus tenants list` and `aelus keys list` show them") from None


def _number(least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number in these bounds, inclusive."""

    def read(text: str) -> int:
        number = int(text) if text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS else -1
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"{text[:20]!r} is no number from {least} to {most}")
        return number

    return read


COMMANDS = (
    _index,
    _watch,
    _search,
    _context,
    _callers,
    _callees,
    _impact,
    _repos,
    _jobs,
    _audit,
    _parse,
    _export,
    _serve,
    _worker,
    _mcp,
    _tenants,
    _keys,
    _migrate,
    _doctor,
)
"""In the order that help lists them."""

__all__: Sequence[str] = ["command_line"]
