"""Names that differ by one character, counted without comparing all pairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence


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


def near_pair_share(names: Sequence[str | None]) -> float:
    """Share of all pairs of names that are at most one replaced character apart.

    Linear: counts names that agree on a pattern with one position left open. A pair of equal
    names agrees on every pattern and is counted once.
    """
    known = [name for name in names if name]
    pairs = len(known) * (len(known) - 1) / 2
    if not pairs:
        return 0.0
    equal: defaultdict[str, int] = defaultdict(int)
    patterns: defaultdict[tuple[int, str], int] = defaultdict(int)
    for name in known:
        equal[name] += 1
        for place in range(len(name)):
            patterns[place, name[:place] + "\0" + name[place + 1 :]] += 1
    same = sum(count * (count - 1) / 2 for count in equal.values())
    near = sum(count * (count - 1) / 2 for count in patterns.values())
    repeated = sum(len(name) * count * (count - 1) / 2 for name, count in equal.items())
    return (near - repeated + same) / pairs
