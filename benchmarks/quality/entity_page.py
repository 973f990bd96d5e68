"""The part of docs/quality.md on identity resolution."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.quality.texts import texts

Document = dict[str, Any]


def entity_page(document: Document | None) -> str:
    """The part of the page, from the saved results; nothing before the first."""
    if document is None:
        return ""
    parts = [texts()["entity"].format(**document["stamp"]), _sets(document["sets"])]
    parts += [_made(document["made"]), texts()["doubles"], _cities(document["cities"])]
    if "scale" in document:
        parts.append(_scale(document["scale"]))
    return "\n" + "\n".join(parts)


def _sets(found: Sequence[Document]) -> str:
    rows = [
        (
            one["set"],
            "two registers linked" if one["linked"] else "duplicates",
            f"{one['records']:,}",
            *_figures(one["resolved"]),
            f"{one['same_number']['f1']:.4f}",
            f"{one['seconds']:.1f}",
        )
        for one in found
    ]
    head = ("set", "task", "records", "F1", "precision", "recall", "F1 by number alone", "s")
    return _table(head, rows)


def _made(found: Sequence[Document]) -> str:
    rows = []
    for setting in dict.fromkeys(one["setting"] for one in found):
        those = [one for one in found if one["setting"] == setting]
        f1 = [one["resolved"]["f1"] for one in those]
        number = [one["same_number"]["f1"] for one in those]
        seeds = f"{those[0]['seed']}–{those[-1]['seed']}"
        spread = (f"{value:.4f}" for value in (sum(f1) / len(f1), min(f1), max(f1)))
        rows.append((setting, seeds, *spread, f"{max(number):.4f}"))
    head = ("made up", "seeds", "F1, mean", "worst", "best", "best by number alone")
    return _table(head, rows)


def _cities(found: Sequence[Document]) -> str:
    rows = [
        (
            f"`{one['preset']}`, seed {one['seed']}",
            f"{one['persons']:,}",
            *_figures(one["same"]),
            f"{one['same_apart']['f1']:.4f}",
            f"{one['with_queue']['recall']:.4f}",
            str(one["queue"]),
            f"{one['same_merged']} of {one['shared_numbers']:,}",
        )
        for one in found
    ]
    head = ("city", "records", "F1", "precision", "recall", "F1, identities apart")
    asked = ("recall with the queue", "queue", "shared numbers merged")
    return _table((*head, *asked), rows)


def _scale(one: Document) -> str:
    return (
        f"{one['records']:,} made-up records: {one['seconds']:.0f} s "
        f"({one['processor_seconds']:.0f} s of processor time), {one['compared']:,} pairs "
        f"compared, peak memory of the whole command, towns included, {one['peak_mb']:,} MB; "
        f"F1 {one['resolved']['f1']:.4f}.\n"
    )


def _figures(resolved: Document) -> tuple[str, str, str]:
    f1, precision, recall = (f"{resolved[name]:.4f}" for name in ("f1", "precision", "recall"))
    return f1, precision, recall


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"
