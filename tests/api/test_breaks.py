"""What clients of the last release would miss is found, and accepted by name or not at all."""

from __future__ import annotations

from graphrisk.api.checking import breaks, judged, printed
from graphrisk.api.schema import FILE
from scripts.api_breaks import complaints

BEFORE = "enum Kind { A B } type Query { run(kind: Kind): String! old: Int }"


def test_no_break_since_the_release_but_accepted_ones() -> None:
    assert complaints() == [], "run: python -m scripts.api_breaks"


def test_breaks_are_found() -> None:
    after = "enum Kind { A } type Query { run(kind: Kind, from: Int!): String }"
    assert breaks(BEFORE, after) == [
        "FIELD_CHANGED_KIND: Field Query.run changed type from String! to String.",
        "FIELD_REMOVED: Field Query.old was removed.",
        "REQUIRED_ARG_ADDED: A required argument Query.run(from:) was added.",
        "VALUE_REMOVED_FROM_ENUM: Enum value Kind.B was removed.",
    ]
    assert breaks(BEFORE, BEFORE.replace("old: Int", "old: Int new: Int")) == []


def test_the_schema_of_now_is_compared() -> None:
    now = printed(FILE)
    assert breaks(now, now) == []
    assert breaks(now, now.replace("  latestRun: Run", "  lastRun: Run")) != []


def test_acceptance_is_of_one_break_and_ends_with_it() -> None:
    assert judged(["a", "b"], {"a": "nobody used it"}) == ["not accepted: b"]
    assert judged([], {"a": "nobody used it"}) == ["breaks nothing: a"]
    assert judged(["a"], {"a": "nobody used it"}) == []
