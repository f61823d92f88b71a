"""What is refused, in words that a model can act on: which argument, what it must be, which tool helps. No word of the frameworks below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from mcp.server import MCPServer
from mcp.server.mcpserver.context import Context
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp_types import CallToolResult, InputRequiredResult
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from aelus.ports.errors import Misconfigured, NotFound, PortError

MISSING: Final = "missing"
_TYPES: Final = {"string": "a text", "integer": "a whole number", "array": "a list of texts"}

Schema = Mapping[str, Any]
"""JSON Schema of a tool's arguments."""


@contextmanager
def refusals(otherwise: str = "") -> Iterator[None]:
    """What a use case refuses becomes the tool's own refusal. `otherwise` is said where something named does not exist."""
    try:
        yield
    except Misconfigured as error:
        raise ToolError("Aelus is not set up rightly: whoever runs it finds in its log what is missing.") from error
    except NotFound as error:
        raise ToolError(f"{error} {otherwise}".strip()) from error
    except PortError as error:
        raise ToolError(str(error)) from error


class RefusingServer(MCPServer):
    """Says of arguments that do not fit what fits, and of all else that is refused what was said of it."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        tools = {tool.name: tool.input_schema for tool in await self.list_tools()}
        if name not in tools:
            raise ToolError(f"There is no tool {name[:100]!r}. Known are: {', '.join(tools)}.")
        schema = tools[name]
        unknown = [one for one in arguments if one not in schema["properties"]]
        if unknown:
            raise ToolError(_unknown(name, unknown[0], schema))
        try:
            return await super().call_tool(name, arguments, context)
        except UnexpectedToolError as error:
            raise UnexpectedToolError(f"{name} failed by a fault of Aelus; whoever runs it finds the reason in its log.") from error
        except ToolError as error:
            if isinstance(error.__cause__, ValidationError):
                raise ToolError(_misfits(name, error.__cause__.errors(include_url=False), schema)) from error
            raise ToolError(str(error.__cause__ or error)) from error


def _unknown(tool: str, argument: str, schema: Schema) -> str:
    return f"{tool} has no argument {argument[:100]!r}. Its arguments are: {', '.join(schema['properties'])}."


def _misfits(tool: str, details: Sequence[ErrorDetails], schema: Schema) -> str:
    """A sentence for each argument that does not fit."""
    missing = {str(one["loc"][0]) for one in details if one["type"] == MISSING}
    named = dict.fromkeys(str(one["loc"][0]) for one in details)
    return " ".join(_misfit(tool, name, schema["properties"][name], missing=name in missing) for name in named)


def _misfit(tool: str, name: str, schema: Schema, *, missing: bool) -> str:
    what = "needs the argument" if missing else "cannot use what was given as"
    return f"{tool} {what} `{name}`: it must be {_allowed(schema)}. {schema['description']}"


def _allowed(schema: Schema) -> str:
    kind = _TYPES[schema["type"]]
    if schema["type"] == "integer":
        return f"{kind} from {schema['minimum']} to {schema['maximum']}"
    if schema["type"] == "array":
        return f"{kind}, at most {schema['maxItems']}"
    return f"{kind} of {schema.get('minLength', 0)} to {schema['maxLength']} characters"
