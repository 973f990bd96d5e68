"""The table of formats, and how one is run on a folder."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import cast

from benchmarks.quality.public import (
    communities,
    covert,
    firms,
    payments,
    ponzi,
    ratings,
    reviews,
    telecom,
    transfers,
)
from benchmarks.quality.public.files import Needed, fits, folders, has_any
from benchmarks.quality.public.goals import goals
from benchmarks.quality.public.rows import Document, Row
from graphrisk.core.errors import BadInput


@dataclass(frozen=True, slots=True)
class Format:
    """Which files with which columns a set has, and how it is judged."""

    needed: Needed
    judge: Callable[[Path], Sequence[Row]]
    nested: bool = False  # the files lie in folders of the set, one a network

    def sets(self, data: Path) -> list[Path]:
        """Folders to judge: ``data`` itself if it has the first file, else those below that fit."""
        if not self.nested and has_any(data, self.needed):
            return [data]
        return [place for place in folders(data) if self.fits(place)]

    def fits(self, place: Path) -> bool:
        """Whether a folder is a set: it, or some folder in it, has the files and columns."""
        if not self.nested:
            return fits(place, self.needed)
        return any(fits(one, self.needed) for one in place.iterdir() if one.is_dir())


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "transfers": Format(transfers.NEEDED, transfers.judge),
        "telecom": Format(telecom.NEEDED, telecom.judge),
        "reviews": Format(reviews.NEEDED, reviews.judge),
        "ratings": Format(ratings.NEEDED, ratings.judge),
        "communities": Format(communities.NEEDED, communities.judge),
        "firms": Format(firms.NEEDED, firms.judge),
        "payments": Format(payments.NEEDED, payments.judge),
        "ponzi": Format(ponzi.NEEDED, ponzi.judge),
        "covert": Format(covert.NEEDED, covert.judge, nested=True),
    }
)


def run(name: str, data: Path) -> list[Document]:
    """A document for each set of a format at ``data``.

    Raises:
        BadInput: Nothing of the format is there, or a file or column is missing.
    """
    chosen = FORMATS[name]
    places = chosen.sets(data)
    if not places:
        stem, columns = next(iter(chosen.needed.items()))
        raise BadInput(
            f"no such file here or in a folder below, with the columns {', '.join(columns)}",
            file=str(data / f"{stem}.parquet"),
        )
    return [_judged(name, place) for place in places]


def every(data: Path, names: Sequence[str] = tuple(FORMATS)) -> Iterator[Document]:
    """Documents of all sets of these formats below ``data``, in the order of formats."""
    for name, one in FORMATS.items():
        for place in folders(data):
            if name in names and one.fits(place):
                yield _judged(name, place)


def _judged(name: str, place: Path) -> Document:
    started = time.perf_counter()
    print(f"{name}: {place.name}", file=sys.stderr, flush=True)
    rows = [_with_goal(row.document()) for row in FORMATS[name].judge(place)]
    seconds = round(time.perf_counter() - started, 1)
    return {"format": name, "set": place.name, "seconds": seconds, "rows": rows}


def _with_goal(row: Document) -> Document:
    """The row with what was to be reached, where there is a goal."""
    goal = goals().get(str(row["goal"]))
    if goal is None:
        return row
    return {**row, **goal.judged(cast("Mapping[str, Document]", row["figures"]))}
