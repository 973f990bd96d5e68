"""Commands around who is who: ``resolve``, ``judge``, ``judgements``, ``erase``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from graphrisk.cli.deployment import opened
from graphrisk.cli.options import JsonOption, StoreOption
from graphrisk.cli.output import say, say_facts, say_json, say_table
from graphrisk.core.errors import NotFound
from graphrisk.ingest.resolve.model import Verdict

if TYPE_CHECKING:
    from graphrisk.ingest.resolve.known import Known
    from graphrisk.ingest.resolve.model import Judgement
    from graphrisk.store.contract import Reader

_TIMES = ("judged_at", "until")
Cells = dict[str, str | float | None]


def resolve(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Find records that are one person; from the next detection on they are one node.

    The machine's judgements are kept with their reasons. What it leaves to a person is listed by
    `graphrisk judgements`. What a person judged stands, whatever is found.
    """
    from graphrisk.core.clock import SystemClock
    from graphrisk.ingest.resolve.service import resolve as run

    with opened(store) as deployment:
        report = run(
            deployment.store, deployment.database, deployment.snapshot_folder, SystemClock()
        )
    facts = {
        "records": report.records,
        "pairs compared": report.compared,
        "blocks too large to compare": report.skipped_blocks,
        "judged the same": report.same,
        "left to a person": report.unsure,
        "judgements not followed": report.conflicts,
    }
    if as_json:
        say_json({name.replace(" ", "_"): value for name, value in facts.items()})
    else:
        say_facts("Who is who", facts)


def judge(
    one: Annotated[str, typer.Argument(help="Key of a person's record.")],
    other: Annotated[str, typer.Argument(help="Key of another record.")],
    verdict: Annotated[Verdict, typer.Option(help="withdrawn: the machine's counts again.")],
    by: Annotated[str, typer.Option(help="Who judges, in at most 200 signs.")],
    why: Annotated[str, typer.Option(help="The reason.")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Judge whether two records are one person. A later judgement supersedes; both stay known."""
    with opened(store) as deployment:
        deployment.record("judge", "investigation", 2, deployment.ids_of("Person", (one, other)))
        judged = deployment.identities().judge((one, other), verdict, by, why)
    answer = {"one": one, "other": other, "verdict": verdict.value, "changed": judged.changed}
    if as_json:
        say_json(answer)
    else:
        say_facts("Judged" if judged.changed else "Judged so already", answer)


def judgements(
    record: Annotated[
        str | None, typer.Argument(help="Key of a record: all that was ever judged of it.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List pairs that wait for a person, most probable first; or the history of one record."""
    with opened(store) as deployment:
        reader = deployment.reader("judgements", "investigation")
        known = deployment.identities().known()
        if record is None:
            page = known.queue(None, limit)
            found, total = [one.judgement for one in page.items], page.total
        else:
            every = _of(reader, known, record)
            found, total = every[:limit], len(every)
        rows = _shown(reader, found)
    if as_json:
        say_json({"judgements": rows, "in_all": total})
    else:
        title = "Waiting for a person" if record is None else f"Judged of {record}"
        if not rows:
            say(f"{title}: nothing")
            return
        told = [{**row, **{name: _time(row[name]) for name in _TIMES}} for row in rows]
        say_table(f"{title}: {total}", list(told[0]), [list(row.values()) for row in told])


def _time(ms: str | float | None) -> str | None:
    from graphrisk.api.times import time_text

    return time_text(ms) if isinstance(ms, int) else None


def erase(
    records: Annotated[list[str], typer.Argument(help="Keys of persons' records.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask: nothing brings them back.")] = (
        False
    ),
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Erase persons for good, a right of theirs: facts, history, ties, scores, and their keys.

    Cases, labels, watch lists, notices, reasons and all other texts name them no more. Of what was
    judged of them it stays who judged, what and when. A source that goes on naming them brings
    them back: it has to forget them first.
    """
    from graphrisk.centre.erasure.service import erase_persons
    from graphrisk.core.clock import SystemClock

    with opened(store) as deployment:
        if not yes:
            typer.confirm(f"Erase {len(records)} records for good?", abort=True, err=True)
        what = deployment.ids_of("Person", records)
        deployment.record("erase", "operation", len(records), what)
        erased = erase_persons(deployment.store, deployment.database, SystemClock(), records)
    facts = {
        "persons": erased.persons,
        "judgements": erased.judgements,
        "other rows": erased.rows,
    }
    if as_json:
        say_json(facts)
    else:
        say_facts("Erased", facts)


def _of(reader: Reader, known: Known, record: str) -> list[Judgement]:
    nid = int(reader.lookup("Person", [record])[0])
    if nid < 0:
        raise NotFound(f"no person has the key {record[:40]!r}")
    return known.judgements_of(nid)


def _shown(reader: Reader, found: list[Judgement]) -> list[Cells]:
    import numpy as np

    from graphrisk.core.clock import OPEN

    nids = np.unique(np.array([one.pair for one in found], np.int64))
    persons = reader.get_nodes(nids).get("Person")
    rows = [] if persons is None else persons.select(["nid", "key"]).to_pylist()
    keys = {row["nid"]: str(row["key"]) for row in rows}
    return [
        {
            "one": keys.get(one.pair[0]),
            "other": keys.get(one.pair[1]),
            "verdict": one.verdict.value,
            "probability": one.probability,
            "judge": one.judge,
            "reason": one.reason,
            "judged_at": one.judged_at,
            "until": None if one.until == OPEN else one.until,
        }
        for one in found
    ]
