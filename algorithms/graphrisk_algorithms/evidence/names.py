"""Names that differ by one character, counted without comparing all pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence


def one_character_apart(left: str, right: str) -> bool:
    """True for equal names and for names with one character replaced, added or left out.

    >>> one_character_apart("王小明", "王晓明"), one_character_apart("王明", "王小明")
    (True, True)
    >>> one_character_apart("王小明", "李晓明")
    False
    """
    if len(left) == len(right):
        return sum(a != b for a, b in zip(left, right, strict=True)) <= 1
    short, long = sorted((left, right), key=len)
    return any(short == long[:place] + long[place + 1 :] for place in range(len(long)))


def near_pair_share(names: Sequence[str | None], years: Sequence[int]) -> float:
    """Of the pairs with one surname, the share born in one year with names nearly the same.

    The surname is the first character. Nearly the same here: equal, or one later character
    replaced. Linear: counts names that agree on a pattern with one place left open. A family has
    one surname, and often given names of one pattern, but seldom in one year.
    """
    known = [(name, year) for name, year in zip(names, years, strict=True) if name]
    kin = _pairs(Counter(name[0] for name, _ in known).values())
    patterns = Counter(
        (year, place, name[:place] + "\0" + name[place + 1 :])
        for name, year in known
        for place in range(1, len(name))
    )
    equal = Counter(known)
    # A pair of equal names agrees on each of its patterns: count it once.
    again = sum((len(name) - 2) * _pairs([count]) for (name, _), count in equal.items())
    near = _pairs(patterns.values()) - again
    return near / kin if kin else 0.0


def _pairs(counts: Iterable[int]) -> int:
    return sum(count * (count - 1) // 2 for count in counts)
