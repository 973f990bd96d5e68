"""The figures to reach, and what counts as reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure: what is measured, in which unit, and the bound it must reach."""

    topic: str  # the module that measures it
    name: str
    what: str
    unit: str
    bound: float | None  # None: told, no goal
    at_least: bool = True

    def is_reached(self, rounds: Sequence[float]) -> bool:
        """Whether the median of the rounds reaches the bound, if there is one."""
        if self.bound is None:
            return True
        figure = median(rounds)
        return figure >= self.bound if self.at_least else figure <= self.bound


_AT_MOST = False
_GRAPHS = {
    "communities": "planted communities",
    "ledger": "a ledger",
    "hubs": "a ledger of hubs",
    "rmat": "RMAT, without communities",
}
_PEERS = ("igraph", "networkit", "scikit-network", "graspologic")


def _algorithms() -> Iterator[Goal]:
    """Communities on each graph and size, then kernels in scans of the edges."""
    for size in ("1M", "10M"):
        for graph, what in _GRAPHS.items():
            on = f"Leiden on {what}, {size} edges"
            key = f"{graph}-{size}"
            yield Goal("algorithms", f"seconds-{key}", on, "s", None, _AT_MOST)
            for peer in _PEERS:
                # RMAT has no communities to be judged by.
                times, gap = (3.0, -0.002) if peer == "igraph" and graph != "rmat" else (None, None)
                name = f"{on}: {peer}'s time"
                yield Goal("algorithms", f"{peer}-{key}", name, "× ours", times)
                name = f"{on}: modularity above {peer}'s"
                yield Goal("algorithms", f"{peer}-quality-{key}", name, "", gap)
            torn = f"{on}: communities that are torn"
            yield Goal("algorithms", f"torn-{key}", torn, "", 0, _AT_MOST)
        for name, what, most in (
            ("components", "components", 10),
            ("csr", "adjacency of both directions", 30),
            ("pagerank", "a pass of PageRank", 6),
        ):
            text = f"{what} of RMAT, {size} edges"
            yield Goal("algorithms", f"{name}-{size}", text, "scans", most, _AT_MOST)


GOALS = (
    Goal("sqlite", "first-load", "first load from a file", "edges/s", 100_000),
    Goal("sqlite", "upserts", "upserts into that graph, half of the rows known", "edges/s", 5_000),
    Goal("sqlite", "export", "export of (src, dst, amount)", "edges/s", 1_000_000),
    Goal("sqlite", "look-up", "look-up of an account by its key, p99", "ms", 1, _AT_MOST),
    Goal("sqlite", "person", "two hops from a person, p99", "ms", 10, _AT_MOST),
    Goal("sqlite", "hub", "two hops from the hub, p99", "ms", 10, _AT_MOST),
    Goal(
        "sqlite", "hub-first", "the first ones after a change of the store, p99", "ms", 10, _AT_MOST
    ),
    Goal("neo4j", "offline-load", "first load from a file, offline", "edges/s", 100_000),
    Goal("neo4j", "first-load", "first load from a file, over Bolt", "edges/s", 100_000),
    Goal("neo4j", "upserts", "upserts into that graph, half of the rows known", "edges/s", 20_000),
    Goal("neo4j", "export", "export of (src, dst, amount)", "edges/s", 1_000_000),
    Goal("neo4j", "write-back", "scores written back", "nodes/s", 150_000),
    Goal("labels", "labels", "export, communities, write-back", "s", None, _AT_MOST),
    Goal("labels", "labels-share", "its share of the time with igraph's", "", 0.6, _AT_MOST),
    Goal("labels", "labels-quality", "modularity above igraph's", "", -0.002),
    Goal("refresh", "rows", "rows read for each row changed", "rows", 2, _AT_MOST),
    Goal("refresh", "columns", "columns brought up to date", "s", 0.5, _AT_MOST),
    Goal("refresh", "csr", "adjacency brought up to date", "s", 2, _AT_MOST),
    Goal("geo", "grid-cells", "owners of positions among the grid cells", "points/s", 300_000),
    Goal("geo", "gcj02", "positions in GCJ-02 brought to WGS-84", "points/s", 300_000),
    Goal("geo", "grid-index", "index of the grid cells made", "ms", 1_000, _AT_MOST),
    Goal("access", "decision-known", "a decision that was made before", "µs", 20, _AT_MOST),
    Goal("access", "decision-new", "one that the policy is asked for", "µs", None, _AT_MOST),
    Goal("log", "log-batch", "entries appended in batches of 256", "entries/s", 15_000),
    Goal("log", "log-single", "entries appended one by one", "entries/s", 1_500),
    Goal(
        "log", "log-integrated", "wait until signed at 15,000 a second, p99", "ms", 1_000, _AT_MOST
    ),
    Goal(
        "log", "log-flat-out", "the same at the first two figures' rates, p99", "ms", None, _AT_MOST
    ),
    Goal("log", "log-fsync", "a batch's bytes written and synced, p99", "ms", None, _AT_MOST),
    Goal("rules", "rules-events", "events judged by 30 rules on one core", "events/s", 20_000),
    Goal(
        "rules", "rules-delay-p50", "delay of an event at 20,000 a second, p50", "ms", 5, _AT_MOST
    ),
    Goal(
        "rules", "rules-delay-p99", "delay of an event at 20,000 a second, p99", "ms", 5, _AT_MOST
    ),
    Goal("rules", "rules-bytes", "state of an active key, all counters", "bytes", 1_024, _AT_MOST),
    Goal("tasks", "grabs-postgresql", "tasks grabbed, PostgreSQL", "grabs/s", 500),
    Goal("tasks", "grabs-postgresql-p99", "a grab that was won, p99", "ms", 50, _AT_MOST),
    Goal("tasks", "grabs-sqlite", "tasks grabbed, SQLite", "grabs/s", 200),
    Goal("tasks", "grabs-sqlite-p99", "a grab that was won, p99", "ms", 50, _AT_MOST),
    *_algorithms(),
    Goal("city", "town", "`graphrisk synth --preset town`", "s", 60, _AT_MOST),
    Goal("city", "town-memory", "memory of it, at its peak", "MB", None, _AT_MOST),
    Goal("city", "city", "`graphrisk synth --preset city`", "s", 600, _AT_MOST),
    Goal("city", "city-memory", "memory of it, at its peak", "MB", 6_000, _AT_MOST),
    Goal("city", "load", "`graphrisk load` of a town, SQLite", "s", 180, _AT_MOST),
    Goal("city", "load-memory", "memory of it, at its peak", "MB", 2_000, _AT_MOST),
    Goal("city", "load-offline", "the same, then `graphrisk copy` into Neo4j", "s", 480, _AT_MOST),
    Goal("detect", "detect", "the first `graphrisk detect`", "s", 480, _AT_MOST),
    Goal("detect", "detect-memory", "memory of it, at its peak", "MB", 4_000, _AT_MOST),
    Goal("detect", "detect-again", "the next, after a batch of a hundredth", "s", None, _AT_MOST),
    Goal("detect", "detect-share", "its share of the first one's time", "", 0.2, _AT_MOST),
    Goal(
        "console", "drawn", "10,000 nodes, 20,000 edges drawn, WebGL by software", "s", 2, _AT_MOST
    ),
    Goal("console", "arranged", "the same laid out, beside the page", "s", None, _AT_MOST),
    Goal("start", "demo", "`graphrisk demo --check` on `small`", "s", 60, _AT_MOST),
    Goal("start", "memory", "memory of that demo, at its peak", "MB", 1_000, _AT_MOST),
    Goal("start", "help", "`graphrisk --help`", "s", 0.5, _AT_MOST),
)
