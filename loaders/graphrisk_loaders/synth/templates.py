"""Real networks from edge lists, to be laid over citizens (``graphrisk synth --templates``)."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from graphrisk_loaders.synth.nets import Net

_ENDS = (("src", "dst"), ("source", "target"), ("from", "to"))
_WEIGHTS = ("w", "weight")
_SEPARATORS = ",;\t"
_NO_EDGES = "nodes.csv"
_EDGES = "edges"
_MOST_MEMBERS = 2000
Tie = tuple[str, str, float]


class TemplateError(ValueError):
    """An edge list that cannot be used; names file and line."""

    def __init__(self, file: str, line: int | None, what: str) -> None:
        self.file, self.line, self.what = file, line, what
        super().__init__(f"{file}: {what}" if line is None else f"{file}:{line}: {what}")


def read_templates(folder: Path) -> list[Net]:
    """The networks below a folder, by name: every ``*.csv`` is one but ``nodes.csv``.

    ``DIR/NAME/edges.csv`` and ``DIR/NAME.csv`` are both called NAME.

    Raises:
        TemplateError: There is none, or one cannot be used.
    """
    files = sorted(file for file in folder.rglob("*.csv") if file.name != _NO_EDGES)
    if not files:
        raise TemplateError(folder.name, None, "no edge list (*.csv) in this folder")
    return [read_template(file, _name(folder, file)) for file in files]


def read_template(file: Path, name: str) -> Net:
    """One network. Ties of all layers and both directions count once, their weights added up.

    Raises:
        TemplateError: It holds no tie, or a line is no tie.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise TemplateError(file.name, None, f"cannot be read: {error}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise TemplateError(file.name, line, "not UTF-8") from error
    ties = list(_ties(file.name, text))
    ends = [(left, right) for left, right, _ in ties]
    keys = list(dict.fromkeys(key for pair in ends if pair[0] != pair[1] for key in pair))
    if not keys:
        raise TemplateError(file.name, None, "holds no tie between two different members")
    if len(keys) > _MOST_MEMBERS:
        raise TemplateError(file.name, None, f"has {len(keys)} members; {_MOST_MEMBERS} at most")
    number = {key: place for place, key in enumerate(keys)}
    weights: dict[tuple[int, int], float] = {}
    for left, right, weight in ties:
        if left != right:
            low, high = sorted((number[left], number[right]))
            weights[low, high] = weights.get((low, high), 0.0) + weight
    src, dst = np.array(list(weights), np.int64).T
    return Net(name, len(keys), src, dst, np.array(list(weights.values())))


def _name(folder: Path, file: Path) -> str:
    place = file.relative_to(folder).with_suffix("")
    place = place.parent if place.name == _EDGES else place
    return place.as_posix() if place.name else folder.resolve().name


def _ties(file: str, text: str) -> Iterator[Tie]:
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    columns: tuple[int, int, int | None] | None = None
    try:
        for row in rows:
            if not any(map(str.strip, row)):
                continue
            if columns is None:
                columns, is_tie = _columns(file, rows.line_num, row)
                if not is_tie:
                    continue
            yield _tie(file, rows.line_num, row, columns)
    except csv.Error as error:
        raise TemplateError(file, rows.line_num, f"not CSV: {error}") from error


def _columns(file: str, line: int, row: list[str]) -> tuple[tuple[int, int, int | None], bool]:
    """Where the ends and the weight stand, and whether the first line is a tie already."""
    names = [cell.strip().lower() for cell in row]
    weight = next((names.index(one) for one in _WEIGHTS if one in names), None)
    for left, right in _ENDS:
        if left in names and right in names:
            return (names.index(left), names.index(right), weight), False
    if len(names) > 1 and names[0].isdecimal() and names[1].isdecimal():
        return (0, 1, 2 if len(names) > 2 else None), True
    known = " or ".join(f"{left}, {right}" for left, right in _ENDS)
    raise TemplateError(file, line, f"names no ends ({known}) and is no tie of two numbers")


def _tie(file: str, line: int, row: list[str], columns: tuple[int, int, int | None]) -> Tie:
    cells = [cell.strip() for cell in row]
    left, right, weight = columns
    if len(cells) <= max(left, right, weight or 0):
        raise TemplateError(file, line, "has too few columns")
    if not cells[left] or not cells[right]:
        raise TemplateError(file, line, "a tie with one end")
    return cells[left], cells[right], 1.0 if weight is None else _number(file, line, cells[weight])


def _number(file: str, line: int, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise TemplateError(file, line, f"{text!r} is no weight above 0")
    return value
