"""Plain fields of list items, completed without the executor's ceremony.

graphql-core walks a path, builds an info and asks for awaitables at every single field. Most
fields of a list are attributes that the resolver of the list has already set: from the second
object of a selection on, those are read by functions composed once a request. Fields with
resolvers go through the stock executor as ever, and so does every object in which anything is
irregular (a missing value, a value that its type refuses), so that errors are the stock's own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from graphql import (
    GraphQLField,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    Undefined,
    is_leaf_type,
)
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types.field import StrawberryField

#: Values of any type: what a resolver gave, and what JSON will hold.
Complete: TypeAlias = Callable[[Any], Any]
Fields: TypeAlias = Mapping[str, Any]

_TYPENAME = "__typename"


class _Irregular(Exception):
    """The stock executor has to look at this object."""


class PlainExecutor(StrawberryGraphQLCoreExecutionContext):
    """The stock executor with composed readers for plain fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # By identity of the selection, which is held here so that no other takes its place.
        self._seen: dict[int, Fields] = {}
        self._readers: dict[int, dict[str, Complete]] = {}

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: Fields,
        position_context: Any,
    ) -> Awaitable[dict[str, Any]] | dict[str, Any]:
        """As the stock's; plain fields from the second object of a selection on by readers."""
        readers = self._readers_of(parent_type, grouped_field_set)
        try:
            plain = {name: read(source_value) for name, read in readers.items()}
        except Exception:  # noqa: BLE001 - whatever it is, the stock executor tells it its own way
            plain = {}
        rest = {name: one for name, one in grouped_field_set.items() if name not in plain}
        if not rest:
            return plain
        slow = super().execute_fields(parent_type, source_value, path, rest, position_context)
        if not plain:
            return slow
        order = list(grouped_field_set)
        if isinstance(slow, dict):
            return _merged(order, plain, slow)

        async def finished(slow: Awaitable[dict[str, Any]]) -> dict[str, Any]:
            return _merged(order, plain, await slow)

        return finished(slow)

    def _readers_of(self, parent: GraphQLObjectType, fields: Fields) -> dict[str, Complete]:
        """Nothing at first sight: a selection that is met once is not worth composing for."""
        key = id(fields)
        if key not in self._seen:
            self._seen[key] = fields
            return {}
        if key not in self._readers:
            composed = {name: self._reader(parent, details) for name, details in fields.items()}
            self._readers[key] = {name: read for name, read in composed.items() if read is not None}
        return self._readers[key]

    def _reader(self, parent: GraphQLObjectType, details: Any) -> Complete | None:
        """Reads and completes one field of an object; ``None`` for one that is not plain."""
        name = details[0].node.name.value
        if name == _TYPENAME:
            return lambda _source: parent.name
        field = parent.fields.get(name)
        attribute = None if field is None else _attribute(field)
        if field is None or attribute is None:
            return None
        complete = self._complete(field.type, details)
        if complete is None:
            return None
        return lambda source: complete(getattr(source, attribute))

    def _complete(self, kind: GraphQLOutputType, details: Any) -> Complete | None:
        if isinstance(kind, GraphQLNonNull):
            return _required(self._complete(kind.of_type, details))
        if isinstance(kind, GraphQLList):
            return _each(self._complete(kind.of_type, details))
        if is_leaf_type(kind):
            return _leaf(kind)
        return self._object(kind, details) if isinstance(kind, GraphQLObjectType) else None

    def _object(self, kind: GraphQLObjectType, details: Any) -> Complete | None:
        """Of an object that is plain through and through."""
        fields, deferred, _ = self.collect_subfields(kind, details)
        if deferred or kind.is_type_of is not None:
            return None
        composed = {name: self._reader(kind, one) for name, one in fields.items()}
        readers = [(name, read) for name, read in composed.items() if read is not None]
        if len(readers) < len(composed):
            return None
        return lambda value: (
            None if value is None else {name: read(value) for name, read in readers}
        )


def _attribute(field: GraphQLField) -> str | None:
    """The attribute behind a field without resolver, arguments, permissions and extensions."""
    own = field.extensions.get("strawberry-definition")
    if not isinstance(own, StrawberryField) or not own.is_basic_field or field.args:
        return None
    return None if own.permission_classes or own.extensions else own.python_name


def _required(complete: Complete | None) -> Complete | None:
    if complete is None:
        return None

    def required(value: Any) -> Any:
        completed = complete(value)
        if completed is None:
            raise _Irregular
        return completed

    return required


def _each(complete: Complete | None) -> Complete | None:
    if complete is None:
        return None

    def each(value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, list):
            raise _Irregular
        return [complete(item) for item in value]

    return each


def _leaf(kind: GraphQLLeafType) -> Complete:
    coerce = kind.coerce_output_value

    def leaf(value: Any) -> Any:
        if value is None:
            return None
        coerced = coerce(value)
        if coerced is None or coerced is Undefined:
            raise _Irregular
        return coerced

    return leaf


def _merged(order: list[str], plain: Fields, slow: Fields) -> dict[str, Any]:
    return {name: plain[name] if name in plain else slow[name] for name in order}
