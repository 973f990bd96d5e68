"""One detection: from the store's changes to saved findings and scores in the graph."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.analysis import frame_file
from graphrisk.analysis.echoes import without_echoes
from graphrisk.analysis.findings import (
    NodeKeys,
    assembled,
    node_scores,
    of_all_records,
    other_records,
)
from graphrisk.analysis.frame import Frame, framed, placed
from graphrisk.analysis.lessons import LOTS, SHIFTS, Learnt, Lessons, learnt, lots
from graphrisk.analysis.lineage import lineage
from graphrisk.analysis.model import DetectionReport, Finding, FrameReport, NodeScore, Run
from graphrisk.analysis.publish import publish
from graphrisk.analysis.records import Records, SavedRun
from graphrisk.analysis.scoring import Scale, shipped_scale
from graphrisk.analysis.stages import Stages
from graphrisk.core.clock import Clock
from graphrisk.core.errors import Conflict, StoreUnavailable
from graphrisk.core.ids import uuid7
from graphrisk.ingest.resolve.service import project
from graphrisk.store.contract import Store, Writer
from graphrisk.store.operations.database import Database
from graphrisk.store.snapshot.snapshot import Snapshot
from graphrisk_algorithms.algorithm import Candidate
from graphrisk_algorithms.graph import RiskGraph
from graphrisk_algorithms.parameters import Parameters, shipped_parameters
from graphrisk_algorithms.registry import finders

Progress = Callable[[str, int, int], None]
PURPOSE = Purpose("detection")


def detect(
    store: Store,
    snapshot_folder: Path,
    database: Database,
    clock: Clock,
    *,
    progress: Progress,
    lessons: Lessons | None = None,
) -> DetectionReport:
    """Refresh the snapshot, look for rings, save findings and scores, write scores back.

    What persons judged of records and the graph has not heard of is brought there first.
    Communities go on from the run before, on a second core if there is one; findings follow from
    the graph alone, and each is told in which community it lies.

    What a run leaves behind is kept under the graph's writer lease. Findings, members, lineage,
    node scores and the event ``detection.finished`` are saved in one transaction; then the frame is
    kept, and the look-up process and last the graph get the scores. A kill in between is mended by
    the next run.

    Args:
        store: The graph.
        snapshot_folder: The snapshot that follows it; scores go beside it, into ``scores``.
        database: The migrated operations database.
        clock: Tells when the run began and ended.
        progress: Told what is being done.
        lessons: What people found out, which corrects the scores once it is enough, and how many
            cases a run may propose; ``None``: nothing is learnt.

    Raises:
        Conflict: Another process writes, or a node that got a score was erased meanwhile; findings
            and scores are everywhere those of the run before.
        StoreUnavailable: A store could not be reached; when it was the graph at the very end, the
            run is saved and the graph keeps the scores of the run before.
    """
    started, stages = clock.now_ms(), Stages()
    scores_folder = snapshot_folder.with_name("scores")
    store_id = store.health().store_id
    progress("snapshot", 0, 0)
    with stages("snapshot"):
        snapshot = Snapshot.open(snapshot_folder, store.reader(EVERYTHING, PURPOSE), store_id)
        project(store, database, clock)
        refreshed = snapshot.refresh()
        graph = snapshot.graph()
    parameters = shipped_parameters()
    scale = shipped_scale()
    before = frame_file.kept(scores_folder, store)
    seen, (frame, frame_report) = _seen(graph, parameters, before, stages, progress)
    taught = _taught(store, graph, ranked(seen, scale), scale, lessons)
    candidates = ranked(seen, taught.scale)
    run = _begun(started, store_id, snapshot, parameters, scale)
    progress("save", 0, 0)
    with stages("save"), store.writer("detect") as writer:
        # The lease first: who may not write leaves everything as it was.
        records = Records(database)
        earlier = records.earlier(store)
        findings = assembled(candidates, NodeKeys(graph), earlier, run.run_id, taught.reason)
        scores = of_all_records(node_scores(findings.items, scale.share), graph.same_as)
        became = lineage({one: old.group for one, old in earlier.items()}, findings.groups())
        written = _write_back(writer, run, scores)
        aliases = other_records(findings.items, graph.same_as)
        items = placed(findings.items, frame)
        kept = {**parameters.values, **_kept(taught, items, lessons, run.run_id)}
        number = records.save(SavedRun(run, clock.now_ms(), kept, items, became, scores, aliases))
        frame_file.keep(scores_folder, run, frame)
        publish(scores_folder, run, scores, graph.n)
        progress("scores", 0, len(scores))
        _commit(writer, run)
    records.mark_written(number, clock.now_ms())
    progress("scores", len(scores), len(scores))
    return DetectionReport(
        run=run,
        nodes=sum(len(table) for table in graph.nodes.values()),
        edges=sum(len(edges) for edges in graph.edges.values()),
        rows_read=refreshed.rows_read,
        findings=dict(sorted(Counter(item.kind for item in findings.items).items())),
        lineage=dict(sorted(Counter(item.event for item in became).items())),
        scored_nodes=len(scores),
        scores_written=written,
        frame=frame_report,
        shifts=dict(taught.scale.shifts),
        seconds=stages.seconds,
    )


def _seen(
    graph: RiskGraph,
    parameters: Parameters,
    before: Frame | None,
    stages: Stages,
    progress: Progress,
) -> tuple[list[Candidate], tuple[Frame, FrameReport]]:
    """Candidates, and communities beside them: neither needs the other, and kernels let go of the
    interpreter.
    """
    with ThreadPoolExecutor(1) as beside:
        framing = beside.submit(framed, graph, before)
        with stages("finders"):
            seen = looked_for(graph, parameters, progress)
        progress("communities", 0, 0)
        with stages("communities"):
            return seen, framing.result()


def _begun(
    started: int, store_id: str, snapshot: Snapshot, parameters: Parameters, scale: Scale
) -> Run:
    return Run(
        run_id=uuid7(started),
        started_at=started,
        store_id=store_id,
        snapshot_version=snapshot.version,
        model=parameters.version,
        parameters_digest=digest_of(parameters, scale),
        snapshot_stamp=snapshot.stamp,
    )


def _taught(
    store: Store,
    graph: RiskGraph,
    candidates: Sequence[Candidate],
    scale: Scale,
    lessons: Lessons | None,
) -> Learnt:
    """The scale after what people found out about these candidates."""
    if lessons is None:
        return Learnt(scale)
    reader = store.reader(EVERYTHING, PURPOSE)
    return learnt(scale, candidates, lessons.heard(), reader, graph.same_as)


def _kept(
    taught: Learnt, items: Sequence[Finding], lessons: Lessons | None, run_id: str
) -> dict[str, dict[str, float]]:
    """What a run keeps of its lessons, beside the thresholds of finders."""
    drawn = {} if lessons is None else lots(items, lessons, run_id)
    return {SHIFTS: dict(taught.scale.shifts), LOTS: drawn}


def find_candidates(
    graph: RiskGraph, parameters: Parameters, scale: Scale, progress: Progress
) -> list[Candidate]:
    """The candidates of all finders, likeliest first (ties by kind, then members), told once."""
    return ranked(looked_for(graph, parameters, progress), scale)


def looked_for(graph: RiskGraph, parameters: Parameters, progress: Progress) -> list[Candidate]:
    """The candidates of all finders, in the order of finders."""
    found: list[Candidate] = []
    every = finders(parameters)
    for done, finder in enumerate(every):
        progress(finder.name, done, len(every))
        found.extend(finder.run(graph))
    progress("candidates", len(every), len(every))
    return found


def ranked(candidates: Sequence[Candidate], scale: Scale) -> list[Candidate]:
    """The candidates with their probabilities, likeliest first, each told once."""
    scored = map(scale.scored, candidates)
    order = sorted(scored, key=lambda one: (-one.score, one.kind, tuple(one.members.tolist())))
    return without_echoes(order)


def digest_of(parameters: Parameters, scale: Scale) -> str:
    """SHA-256: runs with equal digests used the same thresholds and the same scale."""
    return hashlib.sha256((parameters.digest() + scale.digest()).encode()).hexdigest()


def _write_back(writer: Writer, run: Run, scores: list[NodeScore]) -> int:
    nids = np.array([score.nid for score in scores], np.int64)
    values = np.array([score.score for score in scores], np.float64)
    return writer.write_scores(run.model, run.run_id, nids, values, run.snapshot_version)


def _commit(writer: Writer, run: Run) -> None:
    """The scores reach the graph; a lost lease is no ``Conflict`` here: the run is kept."""
    try:
        writer.commit()
    except Conflict as error:
        raise StoreUnavailable(
            f"run {run.run_id} is saved, but its scores are not in the graph ({error}): "
            "the next detection brings them there"
        ) from error
