"""Commands that bring deliveries in by themselves: ``pull`` and ``watch``."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphrisk.cli.deployment import opened
from graphrisk.cli.options import JsonOption, StoreOption
from graphrisk.cli.output import say_json, say_table
from graphrisk.core.errors import GraphRiskError

if TYPE_CHECKING:
    from graphrisk.analysis.deployment import Deployment
    from graphrisk.ingest.feeds.config import Feed
    from graphrisk.ingest.feeds.run import Turn

_COLUMNS = ("feed", "file", "source", "in", "loaded", "unchanged", "rejected", "closed")


def pull(
    name: Annotated[str | None, typer.Argument(help="Of one feed; all by default.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring in what feeds have now: watched folders, HTTP services, queries (docs/feeds.md).

    A feed that fails does not keep the others from being pulled. What was interrupted goes on where
    it stopped; nothing is lost, nothing comes twice.
    """
    from graphrisk.ingest.feeds.config import find_feed

    turns: dict[str, Turn | GraphRiskError] = {}
    with opened(store) as deployment:
        files = deployment.settings.feed_files
        for one in [file.stem for file in files] if name is None else [name]:
            try:
                turns[one] = _turn(find_feed(files, one), deployment)
            except GraphRiskError as error:
                turns[one] = error
    _say(turns, as_json)
    for turn in turns.values():
        if isinstance(turn, GraphRiskError):
            raise turn
        turn.check()


def watch(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder to watch.", exists=True, file_okay=False)
    ],
    mapping: Annotated[
        Path | None, typer.Option(help="A mapping file or folder instead of the built-in ones.")
    ] = None,
    quiet: Annotated[
        int, typer.Option(min=0, help="Seconds without change after which a file is complete.")
    ] = 10,
    every: Annotated[int, typer.Option(min=1, help="Seconds between two looks.")] = 5,
    once: Annotated[bool, typer.Option("--once", help="Look once and end.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load what is put into a folder, as it comes, until Ctrl-C.

    A file is taken when NAME.done stands beside it or when it has not changed for a while, a folder
    when it holds a file called .done. What was taken stays where it is.
    """
    from graphrisk.ingest.feeds.config import FolderFeed

    name = f"watch-{sha256(os.fsencode(directory.resolve())).hexdigest()[:16]}"
    feed = FolderFeed(name, directory, mappings=mapping, quiet_ms=1000 * quiet)
    with opened(store) as deployment:
        while True:
            try:
                turn = _turn(feed, deployment)
                if once or turn.files or turn.refused:
                    _say({name: turn}, as_json)
                if once:
                    turn.check()
                    return
            except GraphRiskError as error:
                if once:
                    raise
                sys.stderr.write(f"graphrisk: {error.code}: {error}\n")  # it may pass
            time.sleep(every)


def _turn(feed: Feed, deployment: Deployment) -> Turn:
    from graphrisk.core.clock import SystemClock
    from graphrisk.ingest.feeds.run import Place, take_turn

    settings = deployment.settings
    place = Place(
        deployment.store,
        deployment.database,
        settings.folder,
        settings.key_ring_file,
        SystemClock(),
    )
    return take_turn(feed, place)


def _say(turns: dict[str, Turn | GraphRiskError], as_json: bool) -> None:
    if as_json:
        say_json({"feeds": [_document(name, turn) for name, turn in turns.items()]})
        return
    rows: list[list[object]] = []
    for name, turn in turns.items():
        if isinstance(turn, GraphRiskError):
            rows.append([name, f"{turn.code}: {turn}", *[None] * 6])
            continue
        rows += [[name, entry, reason, *[None] * 5] for entry, reason in turn.refused.items()]
        rows += [
            [name, f.file, f.mapping, f.rows, f.loaded, f.unchanged, f.rejected, f.closed]
            for f in turn.files
        ]
    say_table("Pulled", _COLUMNS, rows)


def _document(name: str, turn: Turn | GraphRiskError) -> dict[str, object]:
    if isinstance(turn, GraphRiskError):
        return {"feed": name, "error": {"code": turn.code, "message": str(turn)}}
    return {
        "feed": name,
        "files": [asdict(file) for file in turn.files],
        "refused": turn.refused,
        "error": None,
    }
