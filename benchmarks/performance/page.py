"""docs/performance.md, written whole from what the benchmark saved."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from benchmarks.performance.goals import GOALS, Goal

Document = dict[str, Any]
_HEAD = """\
# Performance

Written by `python -m benchmarks.performance` from [docs/results](results); `make bench` measures
anew. A figure is the median of its rounds, the range the least and the most of them; the goal is
reached when the median reaches it.
"""
_TITLES = {
    "sqlite": "SQLite",
    "neo4j": "Neo4j",
    "labels": "Communities of a graph in Neo4j",
    "refresh": "Snapshot: refresh after a small delivery",
    "geo": "Positions and grid cells",
    "access": "Access",
    "log": "The log",
    "rules": "Rules",
    "tasks": "Tasks",
    "algorithms": "Algorithms",
    "city": "Whole cities",
    "detect": "Detection",
    "console": "The console",
    "start": "Start",
}
_NOTES = {
    "sqlite": """\
A load reads a CSV file of transfers through its mapping, with rejects, hashes and provenance, until
every index is made. One transfer in twenty is paid by one account, the hub. Two hops: a page of 20
neighbours and a page of 20 payments of each of them, with their counts; the hub's edges are counted
once for each version of the store.
""",
    "neo4j": """\
The same kind of file over Bolt to a server of its own
([how it is set](../graphrisk/store/neo4j/local.py)) with 2 GB of heap. Offline is the whole way:
into SQLite, the [copy](operations.md), the server's start, every index. Write-back: every score
differs from the one stored.
""",
    "labels": """\
A graph with planted communities of 5 to 5,000, three ties in four inside, in a server of its own:
all edges are exported, communities found in two passes, and each node's label is written back, with
our Leiden and with igraph's by turns, warm.
""",
    "refresh": """\
A snapshot of a graph on SQLite; the adjacency holds each edge in both directions.
""",
    "geo": """\
The cells of a town, each side bent as finely as a surveyed boundary; points lie all over the town,
and each must come back with the cell it was drawn in. One thread.
""",
    "access": """\
Who may do what, by [role, level, place, purpose and action](access.md#who-may-do-what), one thread.
""",
    "log": """\
One thread appends to a [log](log.md) and has each entry's receipt, on a synced disk, before it goes
on; a second one has the log integrated and signed every half second. The wait is from receipt to
signed checkpoint, by entry: of batches that come at the goal's rate, and flat out. Afterwards every
byte of the log is checked.
""",
    "tasks": """\
64 threads take 1,000 [tasks](tasks.md), each in an order of its own; who hears that one is gone
lets it be, who does not comes too late and goes on. A grab is row, step, deadline, event and audit
line, on a synced disk. All in one process: a second would share the database, not the interpreter.
""",
    "rules": """\
Thirty [rules](rules.md) with six counters, four leaves of the graph and the working calendar over
calls of 200,000 numbers, one in a hundred made by one of fifty. For the delay, events arrive evenly
at 20,000 a second and whatever has arrived is judged together; delay is from an event's arrival
until it was judged. Bytes are those held for the counters of callers, free rows and index included,
a key.
""",
    "algorithms": """\
Everybody gets the same arrays of pairs and gives back labels: building a graph of one's own is part
of the time. Two passes where one can say so, one thread; the rounds of all are interleaved. A scan
is one pass over the arrays of edges, measured in the same round.
""",
    "city": """\
[Synthetic cities](synthetic-city.md#presets-and-ones-own) written, and all sources of a town
loaded into an empty store; each command is a process of its own. Into Neo4j the figure is the whole
way: the load into SQLite, the copy, the start of a server with 2 GB of heap, every index.
""",
    "detect": """\
A [synthetic city](synthetic-city.md#presets-and-ones-own) but its last hundredth of calls and
transfers is loaded into SQLite; the first detection reads all columns, the next one what this
batch changed. Each is a process of its own, until scores are in the graph. The goals are those of a
city; scale 0.1 is a town, a tenth of its people.
""",
    "console": """\
A made-up scene in the [console](console.md)'s own picture, in a fresh page of a headless browser
without a graphics card; the layout runs in a worker beside the page.
""",
    "start": """\
A process of its own each time; the demo writes the city, loads it, finds its rings and asks its own
GraphQL endpoint. Memory is that of all its processes together, shared pages counted once.
""",
}


def page(documents: dict[str, Document]) -> str:
    """The page, from the results of each topic."""
    parts = [_HEAD]
    parts += [_topic(topic, documents[topic]) for topic in _TITLES if topic in documents]
    return "\n".join(parts)


def _topic(topic: str, document: Document) -> str:
    stamp, sizes = document["stamp"], document["sizes"]
    lines = [f"## {_TITLES[topic]}\n", _NOTES[topic]]
    told = [f"`{stamp['command']}`", stamp["date"], f"commit {stamp['commit']}", stamp["machine"]]
    lines.append(", ".join([*told, f"Python {stamp['python']}"]) + ".")
    if sizes:
        lines.append(
            "Sizes: " + ", ".join(f"{size:,} {name}" for name, size in sizes.items()) + "."
        )
    lines += [
        "",
        "| figure | goal | median | range | rounds | reached |",
        "|---|---|---|---|---|---|",
    ]
    figures = document["figures"]
    lines += [_row(g, figures[g.name]) for g in GOALS if g.topic == topic and g.name in figures]
    return "\n".join([*lines, ""])


def _row(goal: Goal, rounds: Sequence[float]) -> str:
    worst, best = min(rounds), max(rounds)
    cells = [
        goal.what,
        _bound(goal),
        f"**{_number(median(rounds))}**",
        f"{_number(worst)} – {_number(best)}",
        str(len(rounds)),
        "" if goal.bound is None else "yes" if goal.is_reached(rounds) else "**no**",
    ]
    return f"| {' | '.join(cells)} |"


def _bound(goal: Goal) -> str:
    if goal.bound is None:
        return goal.unit
    return f"{'≥' if goal.at_least else '≤'} {_number(goal.bound)} {goal.unit}".strip()


def _number(figure: float) -> str:
    """Three digits count."""
    if figure >= 100:
        return f"{float(f'{figure:.3g}'):,.0f}"
    return f"{figure:.3g}"
