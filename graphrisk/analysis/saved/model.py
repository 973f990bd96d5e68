"""What is asked again, for whom, and what was new of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self

#: The event of news; a query for it would tell itself of itself.
NEWS: Final = "query.news"


class Subject(StrEnum):
    """What a query is over; the values are those of the queries of the same name."""

    SEARCH = "search"
    FINDINGS = "findings"
    EVENTS = "events"


class Change(StrEnum):
    """What is new of an answer."""

    APPEARED = "appeared"
    CHANGED = "changed"  # as its owner sees it


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the arguments of ``search``, ``findings`` or ``events``."""

    subject: Subject
    text: str | None = None  # of a search
    kinds: tuple[str, ...] = ()  # of nodes, of a search; none: all
    kind: str | None = None  # of findings (none: all) or of events

    def told(self) -> dict[str, object]:
        """As JSON keeps it."""
        return {
            "subject": self.subject.value,
            "text": self.text,
            "kinds": list(self.kinds),
            "kind": self.kind,
        }

    @classmethod
    def read(cls, told: Mapping[str, object]) -> Self:
        """What ``told`` gave."""
        text, kinds, kind = told["text"], told["kinds"], told["kind"]
        assert isinstance(kinds, list)
        return cls(
            Subject(str(told["subject"])),
            None if text is None else str(text),
            tuple(str(one) for one in kinds),
            None if kind is None else str(kind),
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """What its owner's token said of him when he last used his queries."""

    roles: tuple[str, ...]
    areas: tuple[str, ...]
    at: int  # epoch ms UTC


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """Somebody's query."""

    query_id: str
    name: str
    owner: str
    question: Question
    purpose: str
    case: str | None
    created_at: int  # epoch ms UTC
    shown: Shown
    paused_at: int | None = None
    looked_at: int | None = None  # when it was last asked
    refused: str | None = None  # why it could not be asked: an error's code
    answers: int = 0  # how many there were when it was last asked


@dataclass(frozen=True, slots=True)
class Seen:
    """Of what the last look was: nothing of it is asked again while this stays the same.

    Place: the last event's. A search depends on version, stamp and rights alone, and so on.
    """

    version: int = 0
    stamp: int = 0
    run: str = ""
    rights: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """A query as the worker takes it up."""

    query: SavedQuery
    looks: int  # how often it was asked: who writes a look that is not the next one is refused
    salt: bytes  # of the digests of its answers
    seen: Seen


@dataclass(frozen=True, slots=True)
class Answers:
    """What a query answers now: a digest for each thing as its owner sees it."""

    digests: Mapping[str, str]
    is_whole: bool = True  # nothing was left out: what is missing has gone


@dataclass(frozen=True, slots=True)
class News:
    """Something that was new in a look."""

    number: int
    subject: Subject
    thing: str  # number of a node, id of a finding, place of an event
    change: Change
    at: int  # of the look, epoch ms UTC


@dataclass(frozen=True, slots=True)
class Asked:
    """What a round of looks did."""

    queries: int  # that were asked again
    news: int
    refused: Sequence[str] = field(default=())  # ids of those whose owners may not ask now
