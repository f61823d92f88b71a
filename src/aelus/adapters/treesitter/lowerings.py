"""Which function lowers which form."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import Final

from aelus.adapters.treesitter import (
    loaded_files,
    lower_calls,
    lower_elements,
    lower_names,
    lower_operators,
    lower_types,
    lower_values,
    receivers,
)
from aelus.adapters.treesitter.lowering import Dispatch, Lower
from aelus.adapters.treesitter.room import Room

LOWERINGS: Final[MappingProxyType[str, Lower]] = MappingProxyType(
    {
        "name": lower_names.name,
        "word": lower_names.word,
        "suffixed": lower_names.suffixed,
        "member": lower_names.member,
        "method": lower_names.member,
        "loaded": loaded_files.loaded,
        "symbol": lower_values.symbol,
        "taken": lower_names.taken,
        "dotted": lower_names.dotted,
        "qualified": lower_names.qualified,
        "this": receivers.this,
        "super": receivers.super_,
        "class_literal": receivers.class_literal,
        "labelled": lower_names.labelled,
        "super_method": lower_names.super_method,
        "own": lower_names.own,
        "index": lower_names.index,
        "inner": lower_names.inner,
        "await": lower_names.await_,
        "yield": lower_names.yield_,
        "spread": lower_names.spread,
        "spread_map": lower_names.spread_map,
        "instance": lower_names.instance,
        "iterate": lower_names.iterate,
        "union": lower_names.union,
        "operator": lower_operators.operator,
        "assignment": lower_operators.assignment,
        "prefix": lower_operators.prefix,
        "call": lower_calls.call,
        "new": lower_calls.new,
        "raise": lower_calls.call,
        "delegate": lower_calls.delegate,
        "block_call": lower_calls.block_call,
        "argument": lower_calls.argument,
        "chain": lower_calls.chain,
        "expected": lower_calls.expected,
        "element": lower_elements.element,
        "sequence": lower_values.sequence,
        "places": lower_values.sequence,
        "range": lower_values.sequence,
        "list": lower_values.values,
        "comprehension": lower_values.comprehension,
        "mapping": lower_values.mapping,
        "members": lower_values.members,
        "grouped": lower_values.grouped,
        "new_array": lower_values.new_array,
        "array_literal": lower_values.array_literal,
        "scoped": lower_names.scoped,
        "nested": lower_names.nested,
        "tag": lower_names.tag,
        "instantiated": lower_names.inner,
        "initializer": lower_values.initializer,
        "cast": lower_values.cast,
        "braced": lower_values.braced,
        "address": lower_values.address,
        "try": lower_names.try_,
        "block": lower_names.block,
        "macro": lower_calls.macro,
        "tuple_type": lower_types.tuple_type,
        "with_types": lower_types.with_types,
        "table": lower_values.table,
        "varargs": lower_values.varargs,
        "composite": lower_values.composite,
        "string": lower_values.string,
        "number": lower_values.number,
        "literal": lower_values.literal,
        "annotation": lower_types.annotation,
        "type_name": lower_types.type_name,
        "generic": lower_types.generic,
        "map_type": lower_types.map_type,
        "array": lower_types.array,
        "results": lower_types.results,
        "channel": lower_types.channel,
        "receive": lower_names.receive,
        "conversion": lower_calls.conversion,
        "function_type": lower_types.function_type,
        "object_type": lower_types.object_type,
        "type_of": lower_types.type_of,
        "lookup_type": lower_types.lookup_type,
        "predicate": lower_types.predicate,
        "type_arguments": lower_types.type_arguments,
        "assertion": lower_types.assertion,
    }
)
"""Others (`arguments`, `keyword`, `slice`, `pair`, `shorthand`, `property`, `default`, `entry_type`) mean something only inside
these."""


@cache
def dispatch_of(room: Room) -> Dispatch:
    """The lowerings of a room's node kinds."""
    return {kind: (LOWERINGS[form.name], form) for kind, form in room.forms.items() if form.name in LOWERINGS}
