"""Arguments from outside, checked before anything reads with them."""

from __future__ import annotations

from collections.abc import Sequence

from graphrisk.core.errors import BadInput, LimitExceeded

#: Most rows of one page, whatever the list.
MOST_ROWS = 200
_LONGEST_TEXT = 200


def page_size(first: int, most: int = MOST_ROWS, name: str = "first") -> int:
    """``first``, between 1 and ``most``."""
    if not 1 <= first <= most:
        raise BadInput(f"{name} is between 1 and {most}, not {first}")
    return first


def text_of(value: str, name: str, longest: int = _LONGEST_TEXT) -> str:
    """A text that a database can hold: no NUL, no half of a surrogate pair, not too long."""
    if len(value) > longest:
        raise BadInput(f"{name} has at most {longest:,} characters")
    if any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in value):
        raise BadInput(f"{name} holds characters that are no text")
    return value


def texts_of(values: Sequence[str], name: str) -> tuple[str, ...]:
    """Texts that a database can hold, as many as a page has rows at most."""
    return tuple(text_of(one, name) for one in bounded(values, name))


def bounded(values: Sequence[str], name: str) -> Sequence[str]:
    """A list of ids, as long as a page at most."""
    if len(values) > MOST_ROWS:
        raise LimitExceeded(f"{name} names at most {MOST_ROWS}, not {len(values)}")
    return values
