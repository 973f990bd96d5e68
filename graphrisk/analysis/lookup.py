"""Lines of a pasted list, each looked for as the registers write it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from graphrisk.analysis.entities import Entity
from graphrisk.store.contract import Reader

MOST_LINES: Final = 500
LONGEST_LINE: Final = 100
#: Kinds whose keys people write down, in the order in which they are told.
KINDS: Final = ("Phone", "Account", "Device", "Company", "Person")
_SEPARATORS = re.compile(r"[\s\-()./·–—]+")
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LANDLINE = re.compile(r"0\d{9,11}", re.ASCII)
_CHINA = "86"


class Answer(Enum):
    """What became of a line."""

    FOUND = "found"
    NOT_FOUND = "not found, or not within the caller's areas"
    AMBIGUOUS = "several entities have it"
    OUTSIDE = "an id of something outside the caller's areas"
    BAD_INPUT = "an empty line, or none that could be a number, a key or an id"


@dataclass(frozen=True, slots=True)
class Line:
    """One line's answer; ``number`` is its place in what was pasted, from 1."""

    number: int
    answer: Answer
    entities: tuple[Entity, ...] = ()


def spellings(line: str) -> tuple[str, ...]:
    """The keys that a line can mean: as it stands, without separators, as a whole phone number.

    None for a line that is empty, too long, or holds signs that are no text.
    """
    text = unicodedata.normalize("NFKC", line).strip()
    if not text or len(text) > LONGEST_LINE or any(_is_no_text(sign) for sign in text):
        return ()
    bare = _SEPARATORS.sub("", text)
    number = bare.removeprefix("+").removeprefix("00" if bare.startswith("0086") else "")
    found = [text, bare, bare.upper(), number]
    if _MOBILE.fullmatch(number):
        found.append(_CHINA + number)
    elif _LANDLINE.fullmatch(number):
        found.append(_CHINA + number[1:])
    elif number.startswith(_CHINA) and _MOBILE.fullmatch(number.removeprefix(_CHINA)):
        found.append(number.removeprefix(_CHINA))
    return tuple(dict.fromkeys(one for one in found if one))


def numbers_behind(
    reader: Reader, kinds: Sequence[str], lines: Sequence[str]
) -> list[tuple[int, ...] | None]:
    """Nodes that each line can mean, without those outside the scope; ``None`` for a bad line.

    Cost: one look-up a kind.
    """
    spelt = [spellings(line) for line in lines]
    keys = list(dict.fromkeys(key for one in spelt for key in one))
    found: dict[str, list[int]] = {key: [] for key in keys}
    for kind in kinds:
        for key, nid in zip(keys, reader.lookup(kind, keys).tolist(), strict=True):
            if nid >= 0:
                found[key].append(nid)
    return [
        tuple(dict.fromkeys(nid for key in one for nid in found[key])) if one else None
        for one in spelt
    ]


def answer_of(entities: Sequence[Entity]) -> Answer:
    """What a line is told that means these entities."""
    if not entities:
        return Answer.NOT_FOUND
    if len(entities) > 1:
        return Answer.AMBIGUOUS
    return Answer.OUTSIDE if entities[0].redacted else Answer.FOUND


def _is_no_text(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cs", "Cn"}
