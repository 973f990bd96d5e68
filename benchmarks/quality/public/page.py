"""The part of docs/quality.md on sets that others made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.quality.public.goals import goals
from benchmarks.quality.texts import texts

Document = dict[str, Any]


def public_page(document: Document | None) -> str:
    """Goals and what was reached, then each set with its baselines; nothing before the first."""
    if document is None:
        return ""
    sets = document["sets"]
    parts = [texts()["public"].format(**document["stamp"]), _goals(sets)]
    return "\n" + "\n".join([*parts, public_tables(sets)])


def public_tables(sets: Sequence[Document]) -> str:
    """A section for each set: every row, its baselines below it."""
    return "\n".join(_set(one) for one in sets)


def _goals(sets: Sequence[Document]) -> str:
    rows = []
    for name, goal in goals().items():
        # The first row of a goal is the one it is judged by.
        every = (row for one in sets for row in one["rows"] if row["goal"] == name)
        best = next(every, None)
        found = best["figures"] if best else {}
        rows.append(
            (
                name,
                goal.text,
                f"`{goal.set}`",
                _joined(goal.floor),
                _joined(goal.beat),
                _joined({one: found[one]["mean"] for one in goal.beat} if found else {}),
                _joined({one: found[one]["worst"] for one in goal.beat} if found else {}),
                _said(best),
            )
        )
    head = ("goal", "what", "set", "before", "to reach", "ours, mean", "worst", "reached")
    return _table(head, rows)


def _said(row: Document | None) -> str:
    if row is None:
        return "not run"
    if row["reached_by_worst"]:
        return "yes"
    return "on average" if row["reached"] else "**no**"


def _set(one: Document) -> str:
    told = texts()["formats"][one["format"]]
    lines = [f"### {told['title']}: `{one['set']}`\n\n{told['about']}"]
    if "stamp" in one:
        lines.append("`{command}`, {date}, commit {commit} ({machine}).\n".format(**one["stamp"]))
    rows = [line for row in one["rows"] for line in _lines(row)]
    lines.append(_table(("goal", "ranked by", "labels", *_measures(one)), _filled(one, rows)))
    return "\n".join(lines)


def _measures(one: Document) -> list[str]:
    return list(dict.fromkeys(name for row in one["rows"] for name in row["figures"]))


def _lines(row: Document) -> list[tuple[str, str, str, Mapping[str, str]]]:
    ours = {
        name: f"{figure['mean']:.3f}"
        + (f" (worst {figure['worst']:.3f})" if len(figure["values"]) > 1 else "")
        for name, figure in row["figures"].items()
    }
    lines: list[tuple[str, str, str, Mapping[str, str]]] = [
        (row["goal"], f"**{row['what']}**", "yes" if row["labels"] else "no", ours)
    ]
    lines += [
        ("", name, "", {measure: f"{value:.3f}" for measure, value in figures.items()})
        for name, figures in row["baselines"].items()
    ]
    return lines


def _filled(
    one: Document, lines: Iterable[tuple[str, str, str, Mapping[str, str]]]
) -> list[tuple[str, ...]]:
    names = _measures(one)
    return [(*line[:3], *(line[3].get(name, "") for name in names)) for line in lines]


def _joined(figures: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in figures.items())


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"
