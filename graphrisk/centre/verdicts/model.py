"""What a closed case says of its findings and their members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from graphrisk.centre.cases.model import Attachment, Seen


class Outcome(StrEnum):
    """What a case found; ``UNDECIDED`` of a part says nothing of it."""

    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not_confirmed"
    PARTLY = "partly"
    UNDECIDED = "undecided"


#: As the graph keeps it; what has no number makes no label.
NUMBERS = {Outcome.CONFIRMED: 1, Outcome.NOT_CONFIRMED: -1}


@dataclass(frozen=True, slots=True)
class Part:
    """What is said of a finding, a role, or a role in a finding, against the whole."""

    outcome: Outcome  # not PARTLY
    finding_id: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """The verdict as somebody gives it."""

    outcome: Outcome  # not UNDECIDED
    parts: Sequence[Part] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """What a standing verdict says of one member of a finding."""

    case_number: str
    finding_id: str
    member: Seen
    outcome: Outcome
    judge: str
    at: int  # epoch ms UTC
    chance: float = 1.0  # with which the finding came into a case: below 1 where a lot drew it


def labelled(ruling: Ruling, findings: Sequence[Attachment]) -> list[tuple[str, Seen, Outcome]]:
    """Finding, member and outcome of all of which the ruling says something.

    The narrowest part counts: a role in a finding before a finding, a finding before a role, any
    part before the whole.
    """
    said = {(part.finding_id, part.role): part.outcome for part in ruling.parts}
    found = []
    for finding in findings:
        for member in finding.members:
            keys = (
                (finding.finding_id, member.role),
                (finding.finding_id, None),
                (None, member.role),
            )
            outcome = next((said[key] for key in keys if key in said), ruling.outcome)
            if outcome in NUMBERS:
                found.append((finding.finding_id, member, outcome))
    return found
