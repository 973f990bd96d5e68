"""What a client asks: an operation with its variables, and how its answer is read.

Generated code makes these; a client sends them. Nothing here knows of HTTP.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Generic, Protocol, Self, TypeVar, cast

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from graphrisk.core.errors import BadInput, Unsupported

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]
T = TypeVar("T")
N = TypeVar("N")
M = TypeVar("M", bound="Model")
N_co = TypeVar("N_co", covariant=True)
#: Makes a value of what JSON holds.
Read = Callable[[Json], T]


class Model(BaseModel):
    """An object of an answer or of an input; fields have Python's names, JSON the schema's."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, frozen=True, defer_build=True
    )


class Edge(Protocol[N_co]):
    """An item of a page."""

    @property
    def node(self) -> N_co:
        """The item itself."""
        ...


class End(Protocol):
    """Where a page ends."""

    @property
    def has_next_page(self) -> bool:
        """Whether the list goes on."""
        ...

    @property
    def end_cursor(self) -> str | None:
        """Behind which it does."""
        ...


class Connection(Protocol[N_co]):
    """A page of a list."""

    @property
    def edges(self) -> Sequence[Edge[N_co]]:
        """Its items."""
        ...

    @property
    def page_info(self) -> End:
        """Where it ends."""
        ...


@dataclass(frozen=True)
class Call(Generic[T]):
    """A query or a mutation with one root field; its answer is that field's value."""

    name: str
    field: str
    variables: Mapping[str, object]
    read: Read[T]

    @property
    def text(self) -> str:
        """The document, as it is sent."""
        return documents()[self.name]

    @property
    def body(self) -> bytes:
        """The request. ``BadInput`` for a moment without a zone."""
        given = {name: _plain(one) for name, one in self.variables.items() if one is not None}
        return orjson.dumps({"query": self.text, "variables": given, "operationName": self.name})

    @property
    def is_read(self) -> bool:
        """Whether it may be sent twice."""
        return not self.text.startswith("mutation")

    def answer(self, data: Mapping[str, Json]) -> T:
        """What ``data`` says. ``Unsupported`` where the service is another release's."""
        try:
            return self.read(data[self.field])
        except (KeyError, ValidationError, TypeError) as error:
            raise Unsupported(
                f"the answer to {self.name} is not as this client's schema has it; "
                "is the service of another release?"
            ) from error

    def behind(self, cursor: str | None) -> Self:
        """The same behind a place."""
        return replace(self, variables={**self.variables, "after": cursor})


@dataclass(frozen=True)
class Paged(Call[T], Generic[T, N]):
    """A query for a page of a list, which a client can run through."""

    page: Callable[[T], Connection[N] | None]


@dataclass(frozen=True)
class Stream(Call[T]):
    """A subscription; each answer has a cursor behind which it goes on."""


@cache
def documents() -> Mapping[str, str]:
    """All operations by name, each with the fragments it uses."""
    text = files("graphrisk.client.operations").joinpath("documents.json").read_bytes()
    return cast("dict[str, str]", orjson.loads(text))


def one(model: type[M]) -> Read[M]:
    """Reads an object."""
    return model.model_validate


def leaf(kind: type[T]) -> Read[T]:
    """Reads a plain value."""

    def read(value: Json) -> T:
        if not isinstance(value, kind):
            raise TypeError
        return value

    return read


def maybe(read: Read[T]) -> Callable[[Json], T | None]:
    """Reads what may be null."""
    return lambda value: None if value is None else read(value)


def many(read: Read[T]) -> Callable[[Json], list[T]]:
    """Reads a list."""

    def items(value: Json) -> list[T]:
        if not isinstance(value, list):
            raise TypeError
        return [read(item) for item in value]

    return items


def _plain(value: object) -> object:
    """A variable as JSON holds it; what an input leaves out is not sent."""
    if isinstance(value, Model):
        return {
            to_camel(name): _plain(getattr(value, name)) for name in sorted(value.model_fields_set)
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise BadInput(f"{value.isoformat()} names no zone: a moment needs one")
        return value.isoformat()
    if isinstance(value, str | bytes) or not isinstance(value, Sequence):
        return value
    return [_plain(item) for item in value]
