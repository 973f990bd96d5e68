"""Commands that bring data in and take it out: ``synth``, ``load``, ``export``, ``copy``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphrisk.cli.deployment import opened
from graphrisk.cli.options import CaseOption, JsonOption, Seed, StoreOption
from graphrisk.cli.output import progress_bars, say, say_json, say_table
from graphrisk.core.errors import BadInput, system_faults

if TYPE_CHECKING:
    from graphrisk.ingest.report import LoadReport

_Templates = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        exists=True,
        file_okay=False,
        help="Lay real networks over citizens as calls: DIR/NAME.csv or DIR/NAME/edges.csv.",
    ),
]


def synth(
    out: Annotated[Path, typer.Option(help="Folder to write; made if missing.")],
    preset: Annotated[
        str,
        typer.Option(
            metavar="NAME|FILE.yaml",
            help="small: 10k people, 30 days; town: 100k, 90 days; city: 1M, 14 days; faulty: 500, "
            "faults of deliveries; or a YAML of your own.",
        ),
    ] = "small",
    seed: Seed = 1,
    templates: _Templates = None,
    as_json: JsonOption = False,
) -> None:
    """Write a synthetic city: the departments' deliveries and, apart, the truth about its rings."""
    from dataclasses import asdict

    from graphrisk_loaders.synth.city import write_city
    from graphrisk_loaders.synth.parameters import PresetError, presets
    from graphrisk_loaders.synth.templates import TemplateError

    if preset not in presets() and not preset.endswith(".yaml"):
        known = ", ".join(presets())
        raise typer.BadParameter(
            f"{preset!r} is neither {known} nor FILE.yaml", param_hint="preset"
        )
    try:
        with system_faults(out), progress_bars() as progress:
            report = write_city(preset, seed, out, progress, templates=templates)
    except PresetError as error:
        raise BadInput(error.what, file=error.file, column=error.key) from error
    except TemplateError as error:
        raise BadInput(error.what, file=error.file, line=error.line) from error
    if as_json:
        say_json(asdict(report))
    else:
        say_table(f"{preset} city, seed {seed}, in {out}", ["file", "rows"], [*report.rows.items()])
        shares = [(of, f"{100 * share:.3g} %") for of, share in asdict(report.prevalence).items()]
        say_table("what is of rings", ["of all", "share"], shares)


def load(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder with delivered files.", exists=True)
    ],
    mapping: Annotated[
        Path | None, typer.Option(help="A mapping file or folder instead of the built-in ones.")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load delivered files into the graph; the files' names and columns tell which mapping fits.

    Rows that cannot be used go to a reject file with line, column and reason. Loading the same
    files again changes nothing; an interrupted load goes on where it stopped. A file that cannot
    be read to its end is named, with the line; the others are loaded, and the exit code is 3.
    """
    from graphrisk.core.clock import SystemClock
    from graphrisk.ingest.load import load as load_directory
    from graphrisk.ingest.service import Sources

    clock = SystemClock()
    with opened(store) as deployment, progress_bars() as progress:
        report = load_directory(
            deployment.store,
            deployment.settings.folder,
            directory,
            clock=clock,
            key_ring=deployment.settings.key_ring_file,
            mapping=mapping,
            sources=Sources(deployment.database, clock),
            progress=progress,
        )
    if as_json:
        say_json(report.as_dict())
    else:
        _say_load(report, directory)
    report.check()


def _say_load(report: LoadReport, directory: Path) -> None:
    """The sums of every file, where its rejects are, and what was left alone."""
    names = ["file", "mapping", "in", "loaded", "unchanged", "rejected", "closed"]
    rows = [
        [f.file, f.mapping, f.rows, f.loaded, f.unchanged, f.rejected, f.closed]
        for f in report.files
    ]
    say_table(f"Loaded {directory}", names, rows)
    for file in report.files:
        if file.rejected:
            say(f"{file.rejected:,} rejected rows of {file.file}: {file.reject_file}")
        if file.note:
            say(f"{file.file}: {file.note}")
        if file.error:
            say(f"{file.file}:{file.error_line}: {file.error}")
    if report.ignored:
        say(f"Left alone, no mapping knows them: {', '.join(report.ignored)}")


def export(
    out: Annotated[Path, typer.Option(help="Folder for the Parquet files.")],
    case: CaseOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the graph as Parquet: one file a node kind (merged) and one an edge kind (history).

    Without --case names and numbers are masked. Tokens and encrypted identity numbers stay in the
    store. The files are for their owner alone.
    """
    with (
        opened(store) as deployment,
        progress_bars() as progress,
        system_faults(out),
    ):
        rows = deployment.inquiry("export", case).export(out, progress)
    if as_json:
        say_json({"out": str(out), "rows": rows})
    else:
        say_table(f"Exported to {out}", ["file", "rows"], [*rows.items()])


def copy(
    to: Annotated[
        Path, typer.Option(metavar="HOME", help="Home of a Neo4j server that has no database yet.")
    ],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy an SQLite store into a new Neo4j database without a server: the fast first load.

    Numbers, versions, provenance, open loads and scores stay the same. A copy that was stopped
    leaves no database; the next one begins anew. Needs Java, and Maven once for Neo4j's jars.
    """
    from graphrisk.core.errors import Unsupported
    from graphrisk.store.copy import copy_to_neo4j
    from graphrisk.store.neo4j.local import fetch_jars, jars_folder

    with opened(store) as deployment, progress_bars() as progress:
        file = deployment.settings.sqlite_file
        if file is None:
            raise Unsupported("only an SQLite store can be copied: --store sqlite:///FILE")
        deployment.reader("copy", "operation")  # recorded; the copy reads the file beneath
        rows = copy_to_neo4j(file, to, fetch_jars(jars_folder()), progress=progress)
    if as_json:
        say_json({"to": str(to), "rows": rows})
        return
    say_table(f"Copied to {to}", ["kind", "rows"], [*rows.items()])
    say(f"Raw calls, keys and rejects stay in {deployment.settings.folder}: GRAPHRISK_DATA_DIR.")
