"""Kinds of events that rules judge: who takes part, and which numbers and texts they carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast

import yaml

from graphrisk.analysis.rules.model import Words

_FILE = Path(__file__).with_name("kinds.yaml")


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody or something that takes part in an event."""

    end: Literal["src", "dst"]
    kind: str  # node kind
    via: str | None  # edge kind to who stands behind the end; None: the end itself
    label: Words


@dataclass(frozen=True, slots=True)
class EventKind:
    """What an event of a kind is made of."""

    name: str
    place: int  # its number in a batch
    label: Words
    parties: Mapping[str, Party]
    numbers: Mapping[str, Words]
    texts: Mapping[str, Words]


@cache
def event_kinds() -> Mapping[str, EventKind]:
    """All kinds, by name, in the order of the file."""
    said = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return MappingProxyType(
        {name: _kind(name, n, one) for n, (name, one) in enumerate(said.items())}
    )


def _kind(name: str, place: int, said: Mapping[str, Mapping[str, dict[str, object]]]) -> EventKind:
    return EventKind(
        name=name,
        place=place,
        label=_words(cast("Mapping[str, object]", said)),
        parties={
            party: Party(
                end="src" if one["end"] == "src" else "dst",
                kind=str(one["kind"]),
                via=None if one.get("via") is None else str(one["via"]),
                label=_words(one),
            )
            for party, one in said["parties"].items()
        },
        numbers={number: _words(one) for number, one in said["numbers"].items()},
        texts={text: _words(one) for text, one in said["texts"].items()},
    )


def _words(said: Mapping[str, object]) -> Words:
    return Words(**cast("dict[str, str]", said["label"]))
