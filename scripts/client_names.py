"""How the client's code names and writes what the schema has: kinds, inputs, types, values."""

from __future__ import annotations

import keyword
import re
import textwrap

from graphql import (
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLType,
    value_from_ast,
)

HEAD = '"""{what}\n\nWritten by ``make docs``.\n"""\n'
_LINE = 88
#: Python's types of the schema's scalars.
SCALARS = {
    "Boolean": "bool",
    "DateTime": "datetime",
    "Float": "float",
    "ID": "str",
    "Int": "int",
    "Long": "int",
    "Scalar": "str | int | float | bool",
    "String": "str",
}


def snake(name: str) -> str:
    """``isGood`` as ``is_good``; a word of Python's own with an underscore behind."""
    found = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
    return f"{found}_" if keyword.iskeyword(found) else found


def docstring(said: str | None) -> str:
    """A description as an indented docstring, its first sentence first."""
    first, *rest = re.split(r"(?<=[.!?:]) ", (said or "").strip(), maxsplit=1)
    parts = [first if first.endswith((".", "!", "?")) else f"{first.removesuffix(' …')}.", *rest]
    lines = [textwrap.wrap(part, _LINE) for part in parts]
    if len(parts) == 1 and len(lines[0]) == 1:
        return f'    """{parts[0]}"""'
    body = "\n\n    ".join("\n    ".join(one) for one in lines)
    return f'    """{body}\n    """'


def typed(kind: GraphQLType, sequence: str = "list") -> str:
    """Python's type of a value; what may be null with ``| None``."""
    if isinstance(kind, GraphQLNonNull):
        return _bare(kind.of_type, sequence)
    return f"{_bare(kind, sequence)} | None"


def _bare(kind: GraphQLType, sequence: str) -> str:
    if isinstance(kind, GraphQLList):
        return f"{sequence}[{typed(kind.of_type, sequence)}]"
    assert isinstance(kind, GraphQLNamedType)
    return SCALARS.get(kind.name, kind.name)


def value(kind: GraphQLType, held: object) -> str:
    """A default as Python writes it."""
    bare = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    if isinstance(bare, GraphQLEnumType) and held is not None:
        return f"{bare.name}.{held}"
    return repr(tuple(held)) if isinstance(held, list) else repr(held)


def imported(module: str, names: list[str]) -> str:
    """An import from a module of the client; what is not used is dropped later."""
    return f"from graphrisk.client.{module} import {', '.join(names)}\n"


def enums(kinds: list[GraphQLEnumType]) -> str:
    """The module of all kinds."""
    parts = [HEAD.format(what="Kinds, states and other words with a fixed choice.")]
    parts.append("from __future__ import annotations\n\nfrom enum import StrEnum\n")
    for kind in kinds:
        members = "".join(f'    {name} = "{name}"\n' for name in kind.values)
        parts.append(f"class {kind.name}(StrEnum):\n{docstring(kind.description)}\n\n{members}")
    return "\n\n".join(parts)


def inputs(kinds: list[GraphQLInputObjectType], names: list[str]) -> str:
    """The module of all inputs; ``names`` are those of the enums."""
    parts = [
        HEAD.format(what="What mutations and filters are given; what is left out is not sent."),
        "from __future__ import annotations\n\nfrom collections.abc import Sequence\n"
        "from datetime import datetime\n\n",
        imported("calls", ["Model"]) + imported("operations.kinds", names),
    ]
    for kind in kinds:
        fields = (
            f"    {snake(name)}: {typed(one.type, 'Sequence')}{_default(one)}\n"
            for name, one in kind.fields.items()
        )
        parts.append(
            f"class {kind.name}(Model):\n{docstring(kind.description)}\n\n{''.join(fields)}"
        )
    return "\n\n".join(parts)


def _default(field: GraphQLInputField) -> str:
    """What may be left out: whatever has a default, and whatever may be nothing."""
    said = None if field.ast_node is None else field.ast_node.default_value
    if said is not None:
        return f" = {value(field.type, value_from_ast(said, field.type))}"
    return "" if isinstance(field.type, GraphQLNonNull) else " = None"
