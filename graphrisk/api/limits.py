"""What one request may ask at most: tokens, depth, aliases and cost. On by default.

Cost is the number of objects the answer can hold: one each, times the page size of every list
around it. Introspection is free; graphql-core bounds its depth itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_operation_ast,
    validate,
)
from strawberry.extensions import MaxTokensLimiter, SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from graphrisk.api.overload import MOST, refuse_overload
from graphrisk.core.errors import BadInput, LimitExceeded

Parent: TypeAlias = GraphQLObjectType | None

MOST_TOKENS = 1_000
MOST_DEPTH = 16
MOST_ALIASES = MOST["aliases"]
MOST_COST = 10_000
#: No list is longer: a larger page size is refused where it is asked for.
MOST_ROWS = 1_000
#: Rows that a list without a page size is taken to have.
_USUAL_ROWS = 10
#: Lists that are answered item by item.
_ONE_BY_ONE = ("ids", "lines")
#: Errors of one document after which no more are looked for.
_MOST_ERRORS = 10
#: Where counting stops: fragments can make numbers that no JSON holds.
_MORE_THAN_ANY = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Weight:
    """Of a selection."""

    depth: int = 0
    aliases: int = 0
    cost: int = 0

    def beside(self, other: Weight) -> Weight:
        """Of both in one selection."""
        return Weight(
            max(self.depth, other.depth),
            min(self.aliases + other.aliases, _MORE_THAN_ANY),
            min(self.cost + other.cost, _MORE_THAN_ANY),
        )


class Scales:
    """Weighs an operation of a valid document.

    Each fragment is weighed once for each page size it stands in, however often it is used: a chain
    of fragments that each use the next one twice would otherwise take for ever.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, object],
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = variables
        self._weighed: dict[tuple[str, int | None], Weight] = {}

    def operation(self, operation: OperationDefinitionNode) -> Weight:
        """Weight of the whole operation; ``LimitExceeded`` once it is seen to be too deep."""
        return self._selection(
            operation.selection_set, self._schema.get_root_type(operation.operation), None, 1
        )

    def _selection(
        self, selection: SelectionSetNode, parent: Parent, page: int | None, level: int
    ) -> Weight:
        if level > MOST_DEPTH:
            raise LimitExceeded(f"an operation has at most {MOST_DEPTH} levels")
        total = Weight()
        for node in selection.selections:
            if isinstance(node, FieldNode):
                weight = self._field(node, parent, page, level)
            elif isinstance(node, FragmentSpreadNode):
                weight = self._fragment(node.name.value, page, level)
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                inner = parent if condition is None else self._object(condition.name.value)
                weight = self._selection(node.selection_set, inner, page, level)
            total = total.beside(weight)
        return total

    def _fragment(self, name: str, page: int | None, level: int) -> Weight:
        if (name, page) not in self._weighed:
            fragment = self._fragments[name]
            parent = self._object(fragment.type_condition.name.value)
            self._weighed[name, page] = self._selection(fragment.selection_set, parent, page, level)
        return self._weighed[name, page]

    def _field(self, node: FieldNode, parent: Parent, page: int | None, level: int) -> Weight:
        alias = 0 if node.alias is None else 1
        field = None if parent is None else parent.fields.get(node.name.value)
        if field is None or node.selection_set is None:
            return Weight(depth=1, aliases=alias)
        inner = self._selection(
            node.selection_set,
            self._object(get_named_type(field.type).name),
            self._number(node, field, "first"),
            level + 1,
        )
        rows = 1
        if _is_list(field):
            rows = next(filter(None, (self._number(node, field, one) for one in _ONE_BY_ONE)), 0)
            rows = rows or page or _USUAL_ROWS
        return Weight(inner.depth + 1, inner.aliases + alias, rows + rows * inner.cost)

    def _object(self, name: str) -> Parent:
        found = self._schema.get_type(name)
        return found if isinstance(found, GraphQLObjectType) else None

    def _number(self, node: FieldNode, field: GraphQLField, name: str) -> int | None:
        """A page size, or the length of a list of ids; ``None`` for a field that takes none."""
        if name not in field.args:
            return None
        given = next((arg.value for arg in node.arguments or () if arg.name.value == name), None)
        value = field.args[name].default_value if given is None else self._value(given)
        size = len(value) if isinstance(value, list) else value
        return min(max(size, 1), MOST_ROWS) if isinstance(size, int) else 1

    def _value(self, node: ValueNode) -> object:
        if isinstance(node, IntValueNode):
            return int(node.value)
        if isinstance(node, ListValueNode):
            return [self._value(item) for item in node.values]
        return self._variables.get(node.name.value) if isinstance(node, VariableNode) else None


class Limits(SchemaExtension):
    """Weighs each operation before it is executed and tells its cost in ``extensions``."""

    _cost: int | None = None

    def on_validate(self) -> Iterator[None]:
        """Validate here, and not at all what repeats itself too often: it would take long."""
        context = self.execution_context
        document = context.graphql_document
        if document is not None and context.pre_execution_errors is None:
            try:
                refuse_overload(document)
                context.pre_execution_errors = validate(
                    context.schema._schema,
                    document,
                    (*context.validation_rules, MaybeNullValidationRule, OneOfInputValidationRule),
                    _MOST_ERRORS,
                    hide_suggestions=True,
                )
            except LimitExceeded as error:
                context.pre_execution_errors = [GraphQLError(str(error), original_error=error)]
        yield

    def on_execute(self) -> Iterator[None]:
        """Refuse what is too heavy."""
        context = self.execution_context
        document = context.graphql_document
        assert document is not None
        # The public name falls back to the first operation, where the specification wants an error.
        operation = get_operation_ast(document, context._provided_operation_name)
        if operation is None:
            raise BadInput("operationName names none of the document's operations, or is missing")
        fragments = {
            one.name.value: one
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }
        variables = _defaults(operation) | (context.variables or {})
        weight = Scales(context.schema._schema, fragments, variables).operation(operation)
        self._cost = weight.cost
        _refuse_heavy(weight)
        yield

    def get_results(self) -> dict[str, object]:
        """``extensions.cost``: of this request, and the most there may be."""
        return {} if self._cost is None else {"cost": {"asked": self._cost, "most": MOST_COST}}


def token_limit() -> MaxTokensLimiter:
    """The limit that parsing keeps."""
    return MaxTokensLimiter(max_token_count=MOST_TOKENS)


def _refuse_heavy(weight: Weight) -> None:
    for name, value, most in (
        ("levels", weight.depth, MOST_DEPTH),
        ("aliases", weight.aliases, MOST_ALIASES),
        ("objects by its page sizes", weight.cost, MOST_COST),
    ):
        if value > most:
            raise LimitExceeded(f"an operation has at most {most:,} {name}, this one has {value:,}")


def _defaults(operation: OperationDefinitionNode) -> dict[str, object]:
    """Whole numbers that variables have where the request gives none."""
    return {
        one.variable.name.value: int(one.default_value.value)
        for one in operation.variable_definitions or ()
        if isinstance(one.default_value, IntValueNode)
    }


def _is_list(field: GraphQLField) -> bool:
    kind = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    return isinstance(kind, GraphQLList)
