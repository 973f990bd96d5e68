"""Commands around the audit: ``show``, ``verify``, ``rotate``, ``export``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphrisk.cli.exits import Exit
from graphrisk.cli.operations import opened_operations
from graphrisk.cli.options import JsonOption, StoreOption
from graphrisk.cli.output import progress_bars, say, say_facts, say_json, say_table

if TYPE_CHECKING:
    from graphrisk.cli.operations import Operations
    from graphrisk.core.clock import Clock
    from graphrisk.store.audit.place import AuditPlace
    from graphrisk.store.audit.records import AuditFilter, AuditLine
    from graphrisk.store.audit.verify import Verified
    from graphrisk.store.operations.database import Database

audit = typer.Typer(help="Who read and decided what: show, verify, rotate, export.")
Who = Annotated[str | None, typer.Option(help="Name of who read or decided.")]
Action = Annotated[str | None, typer.Option(help="Code of what was done, e.g. finding.")]
OfCase = Annotated[str | None, typer.Option("--case", help="Number of the case that was named.")]
What = Annotated[str | None, typer.Option(help="Opaque id of what was decided on or read.")]
Since = Annotated[str | None, typer.Option("--from", help="ISO 8601 with its zone.")]
Until = Annotated[str | None, typer.Option("--to", help="First moment after, likewise.")]
_SHOWN = ("number", "at", "principal", "action", "purpose", "case", "count", "what", "erased_at")


@audit.command()
def show(
    principal: Who = None,
    action: Action = None,
    case: OfCase = None,
    what: What = None,
    since: Since = None,
    until: Until = None,
    last: Annotated[
        int, typer.Option(min=1, max=100_000, help="At most so many, the latest.")
    ] = 50,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who read or decided what, oldest first. That is recorded, too."""
    from graphrisk.store.audit import records

    wanted = _filter(principal, action, case, what, since, until)
    with _opened(store) as desk:
        desk.collect()
        with desk.database.reading() as session:
            found = records.latest(session, desk.origin, last, wanted)[::-1]
        desk.note("audit.read", len(found))
    if as_json:
        say_json({"records": [_document(line) for line in found]})
    else:
        rows = [[_document(line)[name] for name in _SHOWN] for line in found]
        say_table("Audit", _SHOWN, rows)


@audit.command()
def verify(
    checkpoint: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="A checkpoint of before: it must fit."),
    ] = None,
    keep: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Where to write the checkpoint of now.")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check the log against its signature and every row against its entry; say what differs.

    Exit code 1 when anything does.
    """
    from graphrisk.store.audit.verify import verify as look

    earlier = [] if checkpoint is None else [checkpoint.read_text(encoding="utf-8")]
    with _opened(store) as desk, progress_bars() as progress:
        found = look(desk.place, desk.database, desk.clock, earlier, progress)
        desk.note("audit.verify", found.rows)
    if keep is not None and found.note:
        keep.write_text(found.note, encoding="utf-8")
    _tell(found, as_json)
    if found.differences:
        raise typer.Exit(Exit.CHECK_FAILED)


@audit.command()
def rotate(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Have a new key sign the log from now on; what older keys signed stays good."""
    from graphrisk.api.times import time_text

    with _opened(store) as desk:
        desk.note("audit.rotate", 1)
        ring = desk.place.rotate(desk.clock)
        desk.collect()
    told = [
        {
            "key": str(one.verifier),
            "since": time_text(one.since),
            "until": None if one.until is None else time_text(one.until),
        }
        for one in ring.public
    ]
    if as_json:
        say_json({"keys": told})
    else:
        rows = [[one["key"], one["since"], one["until"] or "-"] for one in told]
        say_table("Keys", ("key", "since", "until"), rows)


@audit.command()
def export(
    out: Annotated[Path, typer.Argument(dir_okay=False, help="The ZIP file to write.")],
    principal: Who = None,
    action: Action = None,
    case: OfCase = None,
    what: What = None,
    since: Since = None,
    until: Until = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write records with entries and proofs to a file that others can check without us."""
    from graphrisk.store.audit.export import export as write

    wanted = _filter(principal, action, case, what, since, until)
    with _opened(store) as desk, progress_bars() as progress:
        desk.collect()
        desk.note("audit.export", 1)
        done = write(
            desk.place,
            desk.database,
            desk.clock,
            wanted,
            out,
            lambda done, total: progress("entries", done, total),
        )
    if as_json:
        say_json({"file": str(out), "entries": done})
    else:
        say(f"{done:,} entries with their proofs: {out}")


@dataclass(frozen=True, slots=True)
class _Desk:
    """The audit of a deployment, whose graph need not run."""

    held: Operations
    place: AuditPlace

    @property
    def database(self) -> Database:
        return self.held.database

    @property
    def clock(self) -> Clock:
        return self.held.clock

    @property
    def origin(self) -> str:
        return self.place.ring(self.clock).origin

    def collect(self) -> None:
        """So that what was just recorded is seen; where the worker is at it, it is seen later."""
        from graphrisk.core.errors import Conflict
        from graphrisk.store.audit.collector import collect

        with suppress(Conflict):
            collect(self.place, self.database, self.clock)

    def note(self, action: str, count: int) -> None:
        """Record what whoever runs the command does."""
        who, purpose = self.held.who
        self.held.audit.record(who, action, purpose, count)


@contextmanager
def _opened(store: str | None) -> Iterator[_Desk]:
    from graphrisk.store.audit.place import place_of

    with opened_operations(store) as held:
        yield _Desk(held, place_of(held.settings))


def _filter(
    principal: str | None,
    action: str | None,
    case: str | None,
    what: str | None,
    since: str | None,
    until: str | None,
) -> AuditFilter:
    from graphrisk.api.times import time_ms
    from graphrisk.store.audit.records import AuditFilter

    start, end = (None if text is None else time_ms(text) for text in (since, until))
    return AuditFilter(principal, action, case, what, start, end)


def _document(line: AuditLine) -> dict[str, object]:
    from graphrisk.api.times import time_text

    said: dict[str, object] = {name: getattr(line, name) for name in _SHOWN}
    for name in ("at", "erased_at"):
        at = getattr(line, name)
        said[name] = None if at is None else time_text(at)
    return said


def _tell(found: Verified, as_json: bool) -> None:
    size = 0 if found.checkpoint is None else found.checkpoint.size
    facts: dict[str, object] = {
        "log": "" if found.checkpoint is None else found.checkpoint.origin,
        "entries": size,
        "rows": found.rows,
        "erased": found.erased,
        "files": found.files,
        "differences": len(found.differences),
    }
    if as_json:
        differences = [{"place": one.place, "reason": one.reason} for one in found.differences]
        say_json(facts | {"checkpoint": found.note, "differences": differences})
        return
    say_facts("Audit", facts)
    for one in found.differences:
        say(f"{one.place}: {one.reason}")
    if not found.differences:
        say("The log is as it was signed, and every row is as it was recorded.")
