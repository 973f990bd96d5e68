"""Public data sets: what detection says of them, and, outside the product, what the labels say."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from benchmarks.quality.measures import Bools, Floats, auc, average_precision, pair_baselines
from benchmarks.quality.pipeline import Detected, detected
from graphrisk.analysis.explain import kind_name, sentence
from graphrisk.analysis.model import Finding

Document = dict[str, object]
_SHOWN = 5  # findings of each set


def real(data: Path) -> dict[str, Document]:
    """A document for each set that lies somewhere below ``data``."""
    found: dict[str, Document] = {}
    for name, (mark, judge) in _SETS.items():
        for file in sorted(data.rglob(mark)):
            with detected(file.parent) as run:
                found[name] = {**_said(run), **judge(file.parent, run)}
            print(f"{name}: {found[name]['findings']}")
            break
    return found


def _said(run: Detected) -> Document:
    listed = run.listed()
    kinds = sorted({item.kind for item in listed})
    return {
        "rows": run.files,
        "ignored": [name for name in run.ignored if not name.lower().startswith("readme")],
        "seconds": run.seconds,
        "findings": {kind: sum(item.kind == kind for item in listed) for kind in kinds},
        "strongest": [_told(item) for item in listed[:_SHOWN]],
    }


def _told(item: Finding) -> Document:
    return {
        "kind": kind_name(item.kind, "en"),
        "score": round(item.score, 2),
        "members": len(item.members),
        "why": sentence(item.reasons[0], "en"),
    }


def _amlsim(folder: Path, run: Detected) -> Document:
    """Fraud flags of accounts; baselines on pairs counted once, for laundering pairs repeat."""
    accounts = pq.read_table(folder / "accounts.parquet", columns=["id", "is_fraud"])
    rows = pq.read_table(folder / "transactions.parquet", columns=["src", "dst"])
    ids = accounts["id"].to_numpy()
    scores = run.scores("Account", [f"amlsim-{number}" for number in ids.tolist()])
    place = np.empty(int(ids.max()) + 1, np.int64)
    place[ids] = np.arange(len(ids))
    ends = (place[rows["src"].to_numpy()], place[rows["dst"].to_numpy()])
    return _compared(scores, accounts["is_fraud"].to_numpy() == 1, pair_baselines(len(ids), *ends))


def _sichuan(folder: Path, run: Detected) -> Document:
    """Labels of half the subscribers."""
    with (folder / "labels_train.csv").open(encoding="utf-8", newline="") as stream:
        labels = {int(row["id"]): row["label"] == "1" for row in csv.DictReader(stream)}
    rows = pq.read_table(folder / "edges.parquet", columns=["src", "dst"])
    ids = np.array(sorted(labels))
    n = 1 + max(int(rows["src"].to_numpy().max()), int(rows["dst"].to_numpy().max()), ids[-1])
    baselines = pair_baselines(n, rows["src"].to_numpy(), rows["dst"].to_numpy())
    scores = run.scores("Phone", [f"sichuan-{number}" for number in ids.tolist()])
    positive = np.array([labels[number] for number in ids.tolist()])
    return _compared(scores, positive, {name: one[ids] for name, one in baselines.items()})


def _compared(scores: Floats, positive: Bools, baselines: dict[str, Floats]) -> Document:
    flagged = scores > 0
    ranked = {"score": scores, **baselines}
    return {
        "labelled": len(positive),
        "positive": int(positive.sum()),
        "flagged": int(flagged.sum()),
        "flagged_positive": int((flagged & positive).sum()),
        "average_precision": {
            name: round(average_precision(one, positive), 3) for name, one in ranked.items()
        },
        "auc": {name: round(auc(one, positive), 3) for name, one in ranked.items()},
    }


def _unlabelled(_folder: Path, run: Detected) -> Document:
    """Nobody labelled it: how much of the network the groups hold, and who is in two of them."""
    members = [member.nid for item in run.listed() for member in item.members]
    people = run.reader.counts()["Person"]
    return {"people": people, "in_groups": len(set(members)), "in_two_groups": _twice(members)}


def _twice(members: list[int]) -> int:
    return int((np.unique(members, return_counts=True)[1] > 1).sum())


_SETS: dict[str, tuple[str, Callable[[Path, Detected], Document]]] = {
    "amlsim": ("transactions.parquet", _amlsim),
    "montagna": ("meetings.csv", _unlabelled),
    "noordin": ("noordin*/edges.csv", _unlabelled),
    "sichuan": ("edges.parquet", _sichuan),
}
