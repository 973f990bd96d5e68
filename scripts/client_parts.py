"""One module of the client's operations: classes of what is asked for, and what asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeGuard, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLType,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableDefinitionNode,
    VariableNode,
    get_named_type,
    type_from_ast,
    value_from_ast,
)

from scripts.client_names import HEAD, SCALARS, docstring, imported, snake, typed, value

_CALLS = ["Call", "Model", "Paged", "Stream", "leaf", "many", "maybe", "one"]
_AFTER = "after"


@dataclass
class Module:
    """Gathers the code of one document."""

    name: str
    schema: GraphQLSchema
    fragments: Mapping[str, tuple[str, FragmentDefinitionNode]]
    _classes: dict[str, str] = field(default_factory=dict)
    _functions: list[str] = field(default_factory=list)
    _used: set[str] = field(default_factory=set)

    def text(self) -> str:
        """The whole module; imports that are not used are still among them."""
        inputs = [
            n for n, t in self.schema.type_map.items() if isinstance(t, GraphQLInputObjectType)
        ]
        enums = [n for n, t in self.schema.type_map.items() if isinstance(t, GraphQLEnumType)]
        foreign = sorted((self.fragments[name][0], name) for name in self._used)
        return (
            HEAD.format(what=f"Operations: {self.name}.")
            + "from __future__ import annotations\n\nfrom collections.abc import Sequence\n"
            + "from datetime import datetime\n\n"
            + imported("calls", _CALLS)
            + imported("operations.inputs", inputs)
            + imported("operations.kinds", enums)
            + "".join(
                imported(f"operations.{module}", [name])
                for module, name in foreign
                if module != self.name
            )
            + "\n\n"
            + "\n\n".join([*self._classes.values(), *self._functions])
        )

    def fragment(self, node: FragmentDefinitionNode) -> None:
        """A class of the fragment's name."""
        parent = self.schema.type_map[node.type_condition.name.value]
        self._class(node.name.value, cast("GraphQLObjectType", parent), node.selection_set)

    def operation(self, node: OperationDefinitionNode) -> None:
        """A function of the operation's name, and classes for what only it asks for."""
        assert node.name is not None
        root = self.schema.get_root_type(node.operation)
        (asked,) = node.selection_set.selections
        assert isinstance(asked, FieldNode)
        assert root is not None
        name, told = node.name.value, root.fields[asked.name.value]
        python = self._python(told.type, self._named(name, told, asked))
        head, of, page, said = "Call", python, "", told.description
        if node.operation is OperationType.SUBSCRIPTION:
            head = "Stream"
        elif any(one.variable.name.value == _AFTER for one in node.variable_definitions or ()):
            head, (item, access, said) = "Paged", self._page(name, told, asked)
            of, page = f"{python}, {item}", f", {access}"
        variables = ", ".join(
            f'"{one.variable.name.value}": {snake(one.variable.name.value)}'
            for one in node.variable_definitions or ()
        )
        self._functions.append(
            f"def {snake(name)}({self._parameters(node)}) -> {head}[{of}]:\n"
            f"{docstring(said)}\n"
            f'    return {head}("{name}", "{asked.name.value}", {{{variables}}}, '
            f"{self._reader(told.type, self._named(name, told, asked))}{page})\n"
        )

    def _page(self, name: str, told: GraphQLField, asked: FieldNode) -> tuple[str, str, str | None]:
        """The class of a list's items, how the list is found in the answer, and what it is."""
        path: list[str] = []
        kind = get_named_type(told.type)
        names = [self._named(name, told, asked)]
        while not _takes(asked, _AFTER):
            assert isinstance(kind, GraphQLObjectType)
            assert asked.selection_set is not None
            (inner,) = asked.selection_set.selections
            assert isinstance(inner, FieldNode)
            told, asked = kind.fields[inner.name.value], inner
            names.append(self._named(names[-1] + _pascal(inner.name.value), told, inner))
            path.append(snake(inner.name.value))
            kind = get_named_type(told.type)
        held = cast("GraphQLObjectType", kind)
        edges = _field(asked, "edges")
        items = get_named_type(held.fields["edges"].type)
        edge = self._named(names[-1] + "Edges", held.fields["edges"], edges)
        item = self._item(edge, cast("GraphQLObjectType", items), edges)
        inside = ".".join(["found", *path])
        access = f"lambda found: {'None if found is None else ' if path else ''}{inside}"
        return item, access, told.description

    def _item(self, edge: str, kind: GraphQLObjectType, asked: FieldNode) -> str:
        """The type of ``node``, which a fragment may hold."""
        told = kind.fields["node"]
        for one in asked.selection_set.selections if asked.selection_set else ():
            if isinstance(one, FieldNode) and one.name.value == "node":
                return self._python(told.type, self._named(f"{edge}Node", told, one))
        return self._python(told.type, f"{edge}Node")

    def _class(self, name: str, kind: GraphQLObjectType, asked: SelectionSetNode) -> None:
        if name in self._classes:
            raise ValueError(f"{self.name}: two classes are named {name}")
        self._classes[name] = ""
        bases, fields = [], []
        for one in asked.selections:
            if isinstance(one, FragmentSpreadNode):
                bases.append(self._fragment(one))
            elif isinstance(one, FieldNode):
                told = kind.fields[one.name.value]
                inner = self._named(name + _pascal(one.name.value), told, one, write=True)
                fields.append(f"    {snake(one.name.value)}: {self._python(told.type, inner)}\n")
        del self._classes[name]  # it stands behind those that it needs
        self._classes[name] = (
            f"class {name}({', '.join(bases or ['Model'])}):\n"
            f"{docstring(kind.description)}\n\n{''.join(fields)}"
        )

    def _named(
        self, name: str, told: GraphQLField, asked: FieldNode, *, write: bool = False
    ) -> str:
        """Python's name of what a field holds: a fragment's where it asks for no more."""
        kind = get_named_type(told.type)
        if asked.selection_set is None or not isinstance(kind, GraphQLObjectType):
            return SCALARS.get(kind.name, kind.name)
        first, *rest = asked.selection_set.selections
        if isinstance(first, FragmentSpreadNode) and not rest:
            return self._fragment(first)
        if write or name not in self._classes:
            self._class(name, kind, asked.selection_set)
        return name

    def _fragment(self, node: FragmentSpreadNode) -> str:
        self._used.add(node.name.value)
        return node.name.value

    def _python(self, kind: GraphQLType, name: str) -> str:
        if isinstance(kind, GraphQLNonNull):
            return self._whole(kind.of_type, name)
        return f"{self._whole(kind, name)} | None"

    def _whole(self, kind: GraphQLType, name: str) -> str:
        """Python's type of what is not null."""
        return f"list[{self._python(kind.of_type, name)}]" if _is_list(kind) else name

    def _reader(self, kind: GraphQLType, name: str) -> str:
        if not isinstance(kind, GraphQLNonNull):
            return f"maybe({self._whole_reader(kind, name)})"
        return self._whole_reader(kind.of_type, name)

    def _whole_reader(self, kind: GraphQLType, name: str) -> str:
        if _is_list(kind):
            return f"many({self._reader(kind.of_type, name)})"
        return f"one({name})" if isinstance(kind, GraphQLObjectType) else f"leaf({name})"

    def _parameters(self, node: OperationDefinitionNode) -> str:
        given = [self._parameter(one) for one in node.variable_definitions or ()]
        ordered = sorted(given, key=lambda one: " = " in one)
        return f"*, {', '.join(ordered)}" if ordered else ""

    def _parameter(self, node: VariableDefinitionNode) -> str:
        kind = cast("GraphQLInputType", type_from_ast(self.schema, node.type))
        name = f"{snake(node.variable.name.value)}: {typed(kind, 'Sequence')}"
        if node.default_value is not None:
            return f"{name} = {value(kind, value_from_ast(node.default_value, kind))}"
        return name if isinstance(kind, GraphQLNonNull) else f"{name} = None"


def _is_list(kind: GraphQLType) -> TypeGuard[GraphQLList[GraphQLType]]:
    return isinstance(kind, GraphQLList)


def _takes(node: FieldNode, variable: str) -> bool:
    """Whether the field is given the variable."""
    values = [one.value for one in node.arguments or ()]
    return any(isinstance(one, VariableNode) and one.name.value == variable for one in values)


def _field(node: FieldNode, name: str) -> FieldNode:
    """A field of a field's selection."""
    assert node.selection_set is not None
    return next(
        one
        for one in node.selection_set.selections
        if isinstance(one, FieldNode) and one.name.value == name
    )


def _pascal(name: str) -> str:
    return name[0].upper() + name[1:]
