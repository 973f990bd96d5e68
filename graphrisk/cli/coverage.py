"""Commands about the grid: ``coverage``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from graphrisk.cli.deployment import opened
from graphrisk.cli.options import JsonOption, StoreOption
from graphrisk.cli.output import say_json, say_table

if TYPE_CHECKING:
    from graphrisk.analysis.coverage import Coverage, Gap
    from graphrisk.analysis.inquiry import Inquiry

_COLUMNS = ("kind", "source", "in all", "one grid cell", "without, and why")


def coverage(
    limit: Annotated[
        int, typer.Option(min=0, help="List at most so many that have not exactly one cell.")
    ] = 20,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell who and what has exactly one grid cell, by kind and source, and list the others.

    Counts match: in all = with one grid cell + without, each with its reason.
    """
    from dataclasses import asdict

    from graphrisk.analysis.coverage import Coverages

    with opened(store) as deployment:
        inquiry = deployment.inquiry("operation")
        report = inquiry.coverage(Coverages())
        listed = _listed(inquiry, report.gaps(limit=limit))
    if as_json:
        shares = [asdict(share) for share in report.shares]
        say_json({"version": report.version, "shares": shares, "gaps": listed})
    else:
        _say(report, listed)


def _listed(inquiry: Inquiry, gaps: list[Gap]) -> list[dict[str, object]]:
    """Gaps with masked captions."""
    from graphrisk.cli.documents import caption

    seen = inquiry.entities([gap.nid for gap in gaps])
    return [
        {"nid": g.nid, "kind": g.kind, "caption": caption(seen.get(g.nid)), "reason": g.reason}
        for g in gaps
    ]


def _say(report: Coverage, listed: list[dict[str, object]]) -> None:
    from graphrisk.analysis.coverage import REASONS

    def told(reasons: Mapping[str, int]) -> str:
        words = {code: f"{REASONS[code]['zh']} {REASONS[code]['en']}" for code in reasons}
        return "\n".join(f"{count:,} {words[code]}" for code, count in reasons.items())

    sources = {None: "all", "": "(mentioned only)"}
    rows = [
        [s.kind, sources.get(s.source, s.source), s.total, s.covered, told(s.reasons)]
        for s in report.shares
    ]
    say_table("Exactly one grid cell", _COLUMNS, rows)
    if listed:
        title = f"{len(listed):,} of {report.gap_count():,} without"
        say_table(title, [*listed[0]], [[*one.values()] for one in listed])
