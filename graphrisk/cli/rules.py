"""Commands around rules: ``rules check``, ``rules rehearse``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphrisk.cli.deployment import opened
from graphrisk.cli.options import JsonOption, StoreOption
from graphrisk.cli.output import progress_bars, say_json, say_table

if TYPE_CHECKING:
    from graphrisk.analysis.deployment import Deployment
    from graphrisk.analysis.rules.model import Rule
    from graphrisk.analysis.rules.rehearsal import Rehearsed

rules = typer.Typer(help="Rules on calls, transfers and posts: check, rehearse.")
FilesArgument = Annotated[
    list[Path] | None, typer.Argument(help="Rule files (default: those shipped).")
]
_MOST_SHOWN = 10


@rules.command()
def check(files: FilesArgument = None, as_json: JsonOption = False) -> None:
    """Read rule files and say what they hold, or file, place and value of the first fault."""
    from graphrisk.analysis.rules.calendar import LocalDays
    from graphrisk.analysis.rules.engine import Engine
    from graphrisk.analysis.rules.facts import GraphFacts
    from graphrisk_algorithms.graph import RiskGraph

    found = _read(files)
    # All of them together: their counters share what a key may take.
    Engine(found, GraphFacts(RiskGraph(0, {}, {})), LocalDays())
    columns = ["id", "version", "event", "alert", "action", "title"]
    rows = [[r.rule_id, r.version, r.on, r.alert, r.action, r.title.zh] for r in found]
    if as_json:
        say_json({"rules": [dict(zip(columns, row, strict=True)) for row in rows]})
    else:
        say_table(f"Sound: {len(rows)}", columns, rows)


@rules.command()
def rehearse(
    since: Annotated[str, typer.Option(help="First moment, ISO 8601 with its zone.")],
    until: Annotated[str, typer.Option(help="First moment after, likewise.")],
    files: FilesArgument = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what rules would have done with the events that are loaded: a day, a grid, an officer.

    Counters are warmed by the events before. Nothing is kept and nobody is told.
    """
    from graphrisk.analysis.rules.rehearsal import document
    from graphrisk.analysis.rules.rehearsals import rehearse_on
    from graphrisk.api.times import time_ms

    found, period = _read(files), (time_ms(since), time_ms(until))
    with opened(store) as deployment, progress_bars() as progress:
        deployment.record("rule.rehearse", "evaluation", len(found))
        folder = deployment.settings.folder
        told = rehearse_on(deployment.store, folder, found, period, progress)
        cells = _cells(deployment, told)
    if as_json:
        rows = [{"id": one.rule.rule_id, **_named(document(one), cells)} for one in told]
        say_json({"rules": rows})
    else:
        _tell(told, cells)


def _tell(told: list[Rehearsed], cells: dict[int, str]) -> None:
    columns = ["id", "events", "warnings", "actions", "capped", "most a day", "a day"]
    rows: list[list[str | int | float]] = []
    for one in told:
        days = [day.warnings + day.actions for day in one.days]
        sums = [sum(getattr(day, n) for day in one.days) for n in ("warnings", "actions", "capped")]
        mean = round(sum(days) / len(days), 2)
        rows.append([one.rule.rule_id, one.events, *sums, max(days), mean])
    say_table("Rehearsed", columns, rows)
    for title, name in (("grid cell", "grids"), ("officer", "officers")):
        loads = [
            [one.rule.rule_id, cells.get(load.nid), load.hits, load.most_a_day]
            for one in told
            for load in getattr(one, name)[:_MOST_SHOWN]
        ]
        if loads:
            say_table(f"By {title}", ["rule", title, "hits", "most a day"], loads)


def _cells(deployment: Deployment, told: list[Rehearsed]) -> dict[int, str]:
    """What grid cells and officers are called: cells by their code, persons by their opaque id."""
    import numpy as np

    from graphrisk.api.ids import PublicIds

    ids = PublicIds(deployment.settings.id_secret_bytes)
    loads = [load for one in told for load in (*one.grids, *one.officers)]
    nids = np.unique(np.array([load.nid for load in loads if load.nid >= 0], np.int64))
    names: dict[int, str] = {}
    for kind, table in deployment.reader("rule.rehearse", "evaluation").get_nodes(nids).items():
        rows = zip(table["nid"].to_numpy().tolist(), table["key"].to_pylist(), strict=True)
        for nid, key in rows:
            names[nid] = str(key) if kind == "GridCell" else ids.entity(kind, nid)
    return names


def _named(said: dict[str, object], cells: dict[int, str]) -> dict[str, object]:
    """The document with names in place of numbers."""
    for part in ("grids", "officers"):
        loads = said[part]
        assert isinstance(loads, list)
        said[part] = [
            {"name": cells.get(load["nid"]), "hits": load["hits"], "most_a_day": load["most_a_day"]}
            for load in loads
        ]
    return said


def _read(files: list[Path] | None) -> list[Rule]:
    from graphrisk.analysis.rules.form import read_file, shipped_sets

    return [rule for file in files or shipped_sets() for rule in read_file(file)]
