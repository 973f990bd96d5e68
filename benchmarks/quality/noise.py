"""Made-up person records of the FEBRL form, with duplicates that differ as much as is asked.

Another hand than the public sets': names, places and faults are drawn anew for every seed, so that
nothing fitted to those sets shines here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

Column = list[str | None]
_SYLLABLES = [c + v for c in "bcdfghjklmnprstvwz" for v in ("a", "e", "i", "o", "u", "ai", "ou")]
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SWAPS = (("given_name", "surname"), ("address_1", "address_2"))
_DAYS = np.datetime64("1990-01-01") - np.datetime64("1920-01-01")


@dataclass(frozen=True, slots=True)
class Noise:
    """How duplicates are spoilt; shares are of faults."""

    most_duplicates: int  # of one person, one to that many
    most_faults: int  # in one duplicate, one to that many
    missing: float = 0.1
    replaced: float = 0.05  # another person's value
    swapped: float = 0.05


def records(people: int, duplicates: int, noise: Noise, seed: int) -> pa.Table:
    """``rec_id`` and the ten FEBRL columns: ``people`` originals, then ``duplicates``."""
    rng = np.random.default_rng(seed)
    columns = _originals(people, rng)
    source = _sources(people, duplicates, noise.most_duplicates, rng)
    copies = {name: [column[row] for row in source] for name, column in columns.items()}
    faults = rng.integers(1, noise.most_faults + 1, len(source))
    kinds = _kinds(noise, rng, int(faults.sum()))
    names = list(columns)
    fields = rng.integers(0, len(names), len(kinds))
    donors = rng.integers(0, people, len(kinds))
    for fault, row in enumerate(np.repeat(np.arange(len(source)), faults).tolist()):
        name = names[fields[fault]]
        if kinds[fault] == "missing":
            copies[name][row] = None
        elif kinds[fault] == "replaced":
            copies[name][row] = columns[name][donors[fault]]
        elif kinds[fault] == "swapped":
            one, two = (copies[side] for side in _SWAPS[donors[fault] % len(_SWAPS)])
            one[row], two[row] = two[row], one[row]
        else:
            copies[name][row] = _typo(copies[name][row], rng)
    ids = [f"rec-{row}-org" for row in range(people)]
    ids += [f"rec-{row}-dup-{number}" for number, row in enumerate(source.tolist())]
    spoilt = {name: [*columns[name], *copies[name]] for name in names}
    return pa.table({"rec_id": ids, **spoilt})


def _sources(people: int, count: int, most: int, rng: np.random.Generator) -> np.ndarray:
    """The person of each duplicate; some people have one, a few up to ``most``."""
    often = np.repeat(rng.permutation(people), rng.integers(1, most + 1, people))
    return np.sort(often[:count])


def _kinds(noise: Noise, rng: np.random.Generator, count: int) -> list[str]:
    shares = [noise.missing, noise.replaced, noise.swapped]
    kinds = ["missing", "replaced", "swapped", "typo"]
    drawn = rng.choice(len(kinds), count, p=[*shares, 1 - sum(shares)])
    return [kinds[kind] for kind in drawn.tolist()]


def _originals(people: int, rng: np.random.Generator) -> dict[str, Column]:
    digits: Callable[[int, int], Column] = lambda low, high: [  # noqa: E731
        str(number) for number in rng.integers(low, high, people).tolist()
    ]
    born = np.datetime64("1920-01-01") + rng.integers(0, _DAYS.astype(int), people)
    return {
        "given_name": _drawn(_words(600, 1, 3, rng), people, rng),
        "surname": _drawn(_words(6000, 2, 4, rng), people, rng),
        "street_number": digits(1, 300),
        "address_1": _drawn([f"{w} street" for w in _words(4000, 2, 4, rng)], people, rng),
        "address_2": _drawn(_words(4000, 2, 5, rng), people, rng, 0.3),
        "suburb": _drawn(_words(2500, 2, 4, rng), people, rng),
        "postcode": _drawn(
            [str(code) for code in rng.permutation(8000)[:1800] + 1000], people, rng
        ),
        "state": _drawn(["nsw", "vic", "qld", "sa", "wa", "tas", "act", "nt"], people, rng),
        "date_of_birth": [str(day).replace("-", "") for day in born],
        "soc_sec_id": [str(number) for number in rng.permutation(9 * people)[:people] + 1_000_000],
    }


def _words(count: int, least: int, most: int, rng: np.random.Generator) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        parts = rng.integers(0, len(_SYLLABLES), rng.integers(least, most + 1))
        found["".join(_SYLLABLES[part] for part in parts.tolist())] = None
    return list(found)


def _drawn(words: list[str], count: int, rng: np.random.Generator, missing: float = 0.0) -> Column:
    """Words by Zipf's law: a few are everywhere, most are rare."""
    weight = 1 / np.arange(2, len(words) + 2)
    drawn = rng.choice(len(words), count, p=weight / weight.sum())
    gone = rng.random(count) < missing
    return [None if no else words[word] for word, no in zip(drawn.tolist(), gone, strict=True)]


def _typo(text: str | None, rng: np.random.Generator) -> str | None:
    """One sign replaced, added, left out, or exchanged with the next."""
    if not text:
        return text
    place = int(rng.integers(0, len(text)))
    sign = _LETTERS[rng.integers(0, 26)] if not text.isdigit() else str(rng.integers(0, 10))
    match int(rng.integers(0, 4)):
        case 0:
            return text[:place] + sign + text[place + 1 :]
        case 1:
            return text[:place] + sign + text[place:]
        case 2:
            return (text[:place] + text[place + 1 :]) or None
        case _:
            return text[:place] + text[place : place + 2][::-1] + text[place + 2 :]
