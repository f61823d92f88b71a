"""What jedi says of the calls in a folder of Python: `python benchmarks/oracle/jedi_oracle.py FOLDER`, one JSON object a call."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path

import jedi


def callee_names(tree: ast.AST) -> list[tuple[int, int, str]]:
    """(line, column, name) of what is called by name."""
    found: list[tuple[int, int, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.append((node.func.lineno, node.func.col_offset, node.func.id))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            end = node.func.end_col_offset or 0
            found.append((node.func.end_lineno or 0, end - len(node.func.attr.encode()), node.func.attr))
    return found


def main(folder: Path) -> None:
    project = jedi.Project(str(folder), added_sys_path=[str(folder)])
    for path in sorted(folder.rglob("*.py")):
        source = path.read_text(errors="replace")
        try:
            tree = ast.parse(source)
        except SyntaxError:
            continue
        script = jedi.Script(source, path=str(path), project=project)
        for line, column, name in callee_names(tree):
            try:
                found = script.goto(line, column, follow_imports=True)
            except Exception:  # noqa: BLE001, S112 - jedi fails on some code; it is then no witness
                continue
            found = [d for d in found if d.type in ("function", "class")]
            for target in found:
                inside = target.module_path is not None and Path(target.module_path).is_relative_to(folder)
                where = Path(target.module_path).relative_to(folder).as_posix() if inside and target.module_path else None
                print(
                    json.dumps(
                        {
                            "file": path.relative_to(folder).as_posix(),
                            "line": line,
                            "name": name,
                            "target": where,
                            "target_line": target.line or 0,
                            "target_name": target.name,
                        }
                    )
                )


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
