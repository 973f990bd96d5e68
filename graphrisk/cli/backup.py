"""``backup`` and ``restore``: a deployment as a folder, and back, looked at as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphrisk.cli.exits import Exit
from graphrisk.cli.operations import record_act
from graphrisk.cli.options import JsonOption, StoreOption
from graphrisk.cli.output import progress_bars, say, say_facts, say_json

if TYPE_CHECKING:
    from graphrisk.store.sqlite.backup import GraphFacts

_Secrets = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", file_okay=False, help="Where the keys are kept, apart from the backup."
    ),
]


def backup(
    out: Annotated[Path, typer.Argument(help="Folder to write; must not be there.")],
    secrets: _Secrets = None,
    without_graph: Annotated[
        bool, typer.Option("--without-graph", help="Leave out the graph, as one on Neo4j asks for.")
    ] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the whole deployment into a folder, beside running processes. That is recorded."""
    from graphrisk.core.clock import SystemClock
    from graphrisk.settings import read_settings
    from graphrisk.store.backup.make import make_backup

    settings, clock = read_settings(store), SystemClock()
    record_act(settings, clock, "backup.make", 1)
    with progress_bars() as progress:
        made = make_backup(
            settings, out, clock, secrets=secrets, with_graph=not without_graph, progress=progress
        )
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
    if as_json:
        say_json({"folder": str(out), "bytes": size, **made.model_dump(mode="json")})
        return
    say(f"{size / 1e6:,.1f} MB in {out}: {_graph(made.graph)}, {made.entries:,} entries of audit")
    if secrets is None:
        say(f"The keys lie in it, too: who has {out} can read everything.")


def restore(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="The backup.")],
    secrets: _Secrets = None,
    witnessed: Annotated[
        list[Path] | None,
        typer.Option(
            exists=True, dir_okay=False, help="A checkpoint that somebody signed or kept; repeats."
        ),
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a backup back where nothing is, and look at all of it; as a drill, into another place.

    Exit code 1 when something is not as it was, or is lost that a witness saw.
    """
    import time

    from graphrisk.api.times import time_text
    from graphrisk.core.clock import SystemClock
    from graphrisk.settings import read_settings
    from graphrisk.store.backup.restore import restore as put_back

    settings, clock = read_settings(store), SystemClock()
    notes = [file.read_text(encoding="utf-8") for file in witnessed or ()]
    began = time.monotonic()
    with progress_bars() as progress:
        found = put_back(
            folder, settings, clock, secrets=secrets, witnessed=notes, progress=progress
        )
    record_act(settings, clock, "backup.restore", 1)
    facts: dict[str, str | int | float | None] = {
        "made_at": time_text(found.manifest.made_at),
        "graph": _graph(found.manifest.graph),
        "audit_entries": found.entries,
        "lost_entries": found.lost_entries,
        "seconds": round(time.monotonic() - began, 1),
    }
    differences = [f"{one.place}: {one.reason}" for one in found.differences]
    if as_json:
        say_json({**facts, "differences": differences})
    else:
        say_facts("Restored", facts)
        for line in differences:
            say(line)
    if differences:
        raise typer.Exit(Exit.CHECK_FAILED)


def _graph(facts: GraphFacts | None) -> str:
    if facts is None:
        return "no graph"
    return f"graph of {sum(facts.counts.values()):,} nodes and edges at version {facts.version}"
