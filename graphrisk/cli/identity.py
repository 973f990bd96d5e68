"""Commands around who is who: ``resolve``, ``judge``, ``judgements``."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from graphrisk.cli.deployment import opened
from graphrisk.cli.options import JsonOption, StoreOption
from graphrisk.cli.output import say_facts, say_json, say_table

if TYPE_CHECKING:
    from graphrisk.ingest.resolve.judgements import Judgement
    from graphrisk.store.contract import Reader

Cells = dict[str, str | float | None]


class Word(StrEnum):
    """What a person says of two records."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"
    WITHDRAWN = "withdrawn"


def resolve(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Find records that are one person; from the next detection on they are one node.

    The machine's judgements are kept with their reasons. What it leaves to a person is listed by
    `graphrisk judgements`. What a person judged stands, whatever is found.
    """
    from graphrisk.core.clock import SystemClock
    from graphrisk.ingest.resolve.service import resolve as run

    with opened(store) as deployment:
        report = run(deployment.store, deployment.snapshot_folder, SystemClock())
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
    verdict: Annotated[Word, typer.Option(help="withdrawn: the machine's counts again.")],
    by: Annotated[str, typer.Option(help="Who judges.")],
    why: Annotated[str, typer.Option(help="The reason.")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Judge whether two records are one person. A later judgement supersedes; both stay known."""
    from graphrisk.core.clock import SystemClock
    from graphrisk.ingest.resolve import judgements as kept

    clock = SystemClock()
    with opened(store) as deployment:
        if verdict is Word.WITHDRAWN:
            changed = kept.withdraw(deployment.store, clock, (one, other), by, why)
        else:
            said = kept.Verdict[verdict.name]
            changed = kept.judge(deployment.store, clock, (one, other), said, by, why)
    answer = {"one": one, "other": other, "verdict": verdict.value, "changed": changed}
    if as_json:
        say_json(answer)
    else:
        say_facts("Judged" if changed else "Judged so already", answer)


def judgements(
    record: Annotated[
        str | None, typer.Argument(help="Key of a record: all that was ever judged of it.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List pairs that wait for a person, most probable first; or the history of one record."""
    from graphrisk.ingest.resolve.judgements import history, queue

    with opened(store) as deployment:
        reader = deployment.reader("judgements", "investigation")
        found = queue(reader) if record is None else history(reader)
        rows = _shown(reader, found)
    if record is not None:
        rows = [row for row in rows if record in (row["one"], row["other"])]
    if as_json:
        say_json({"judgements": rows[:limit], "in_all": len(rows)})
    else:
        title = "Waiting for a person" if record is None else f"Judged of {record}"
        names = list(rows[0]) if rows else []
        say_table(f"{title}: {len(rows)}", names, [list(row.values()) for row in rows[:limit]])


def _shown(reader: Reader, found: list[Judgement]) -> list[Cells]:
    from graphrisk.core.clock import OPEN
    from graphrisk.ingest.resolve.judgements import keys_of

    keys = keys_of(reader, [one.pair for one in found])
    return [
        {
            "one": keys.get(one.pair[0]),
            "other": keys.get(one.pair[1]),
            "verdict": "withdrawn" if one.withdrawn else one.verdict.name.lower(),
            "probability": one.probability,
            "judge": one.judge,
            "reason": one.reason,
            "known_from": one.known_from,
            "until": None if one.until == OPEN else one.until,
        }
        for one in found
    ]
