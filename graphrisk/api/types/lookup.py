"""Answers to the lines of a pasted list."""

from __future__ import annotations

from enum import Enum

import strawberry

from graphrisk.analysis import lookup as model
from graphrisk.api.context import Asked
from graphrisk.api.types.entities import Entity, entity_of
from graphrisk.api.types.vocabulary import Words
from graphrisk.store.contract import NOW

_ZH = {
    model.Answer.FOUND: "找到",
    model.Answer.NOT_FOUND: "未找到（或不在辖区内）",
    model.Answer.AMBIGUOUS: "对应多个对象",
    model.Answer.OUTSIDE: "辖区外对象的标识",
    model.Answer.BAD_INPUT: "空行，或不是号码、编码、标识",
}


@strawberry.enum(description="What became of a line of a look-up.")
class LookupStatus(Enum):
    """Each with its words in `label`."""

    FOUND = "FOUND"
    NOT_FOUND = "NOT_FOUND"
    AMBIGUOUS = "AMBIGUOUS"
    OUTSIDE = "OUTSIDE"
    BAD_INPUT = "BAD_INPUT"


@strawberry.type(description="One line of a look-up.")
class LookupLine:
    """It does not repeat what was pasted."""

    line: int = strawberry.field(description="Its place in what was pasted, from 1.")
    status: LookupStatus
    label: Words
    entity: Entity | None = strawberry.field(
        description="What it means; where it means several, the first of them."
    )
    others: list[Entity] = strawberry.field(description="The others that it can mean.")


def lookup_line(info: Asked, found: model.Line) -> LookupLine:
    """A line as the API tells it."""
    told = [entity_of(info, one, NOW) for one in found.entities]
    return LookupLine(
        line=found.number,
        status=LookupStatus(found.answer.name),
        label=Words(zh=_ZH[found.answer], en=found.answer.value),
        entity=told[0] if told else None,
        others=told[1:],
    )
