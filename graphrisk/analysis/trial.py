"""The counterfactual of a saved finding, on the columns that its run saw."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.analysis.counterfactual import Counterfactual, counterfactual
from graphrisk.analysis.model import Finding
from graphrisk.analysis.run import digest_of
from graphrisk.analysis.scoring import shipped_scale
from graphrisk.analysis.service import Findings
from graphrisk.core.errors import Conflict
from graphrisk.store.contract import Store
from graphrisk.store.snapshot.snapshot import Snapshot
from graphrisk_algorithms.parameters import shipped_parameters
from graphrisk_algorithms.registry import FINDERS


def otherwise(
    finding: Finding, store: Store, findings: Findings, snapshot_folder: Path, below: float
) -> Counterfactual | None:
    """Try out what would have to be untrue for ``finding`` to score less than ``below``.

    Cost: the finder's share of a detection, up to some dozens of times.

    Raises:
        Conflict: The finding is not of the latest run, or columns, thresholds or scale are no
            longer those of that run: detect first.
    """
    parameters, scale = shipped_parameters(), shipped_scale()
    run = findings.latest_run()
    reader = store.reader(EVERYTHING, Purpose("detection"))
    snapshot = Snapshot.open(snapshot_folder, reader, store.health().store_id)
    seen = None if run is None else (run.run_id, run.snapshot_version, run.parameters_digest)
    of = findings.runs_of([finding.finding_id])[finding.finding_id]
    if seen != (of.run_id, snapshot.version, digest_of(parameters, scale)):
        raise Conflict("the finding is not of a run on the columns as they are: detect first")
    finder = FINDERS[finding.kind](**parameters.of(finding.kind))
    taught = replace(scale, shifts=findings.shifts())
    return counterfactual(finding, snapshot.graph(), finder, taught, below)
