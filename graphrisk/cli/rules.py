"""Commands around rules: ``rules check``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphrisk.cli.options import JsonOption
from graphrisk.cli.output import say_json, say_table

rules = typer.Typer(help="Rules on calls, transfers and posts: check, rehearse.")


@rules.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Rule files (default: those shipped).")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Read rule files and say what they hold, or file, place and value of the first fault."""
    from graphrisk.analysis.rules.calendar import LocalDays
    from graphrisk.analysis.rules.engine import Engine
    from graphrisk.analysis.rules.facts import GraphFacts
    from graphrisk.analysis.rules.form import read_file, shipped_sets
    from graphrisk_algorithms.graph import RiskGraph

    found = [rule for file in files or shipped_sets() for rule in read_file(file)]
    # All of them together: their counters share what a key may take.
    Engine(found, GraphFacts(RiskGraph(0, {}, {})), LocalDays())
    rows = [
        [one.rule_id, one.version, one.on, one.alert, one.action, one.title.zh] for one in found
    ]
    columns = ["id", "version", "event", "alert", "action", "title"]
    if as_json:
        say_json({"rules": [dict(zip(columns, row, strict=True)) for row in rows]})
    else:
        say_table(f"Sound: {len(rows)}", columns, rows)
