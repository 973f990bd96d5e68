"""Scalars: times, sums and values that GraphQL has no type for."""

from __future__ import annotations

from typing import NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from graphrisk.api.times import time_ms, time_text
from graphrisk.core.errors import BadInput

DateTime = NewType("DateTime", int)
Long = NewType("Long", int)
Scalar = NewType("Scalar", object)


def time_of(ms: int | None) -> DateTime | None:
    """A moment that GraphQL can say; ``None`` for none and for those beyond its years."""
    return None if ms is None or time_text(ms) is None else DateTime(ms)


def _output_only(_value: object) -> object:
    raise BadInput("this scalar is for answers only")


SCALARS: dict[object, ScalarDefinition] = {
    DateTime: strawberry.scalar(
        name="DateTime",
        description="A moment as ISO 8601. Answers are in UTC with milliseconds; "
        "arguments name any zone.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time",
        serialize=time_text,
        parse_value=time_ms,
    ),
    Long: strawberry.scalar(
        name="Long",
        description="A whole number of up to 64 bits as a JSON number.",
        serialize=int,
        parse_value=_output_only,
    ),
    Scalar: strawberry.scalar(
        name="Scalar",
        description="The value of a property as JSON: text, number, boolean or null. Times are "
        "ISO 8601 in UTC, money is whole fen.",
        parse_value=_output_only,
    ),
}
