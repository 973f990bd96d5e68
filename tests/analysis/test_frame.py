"""Where nodes stand: communities of a run, going on from the run before, and kept as files."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import normalized_mutual_info_score

from graphrisk.analysis import frame_file
from graphrisk.analysis.frame import METHOD, MOST_CHANGED, framed, placed, tie_kinds
from graphrisk.analysis.model import Run
from graphrisk_algorithms.graph import EdgeColumns, Int64Array, RiskGraph
from graphrisk_algorithms.kernels.pairs import balanced_pairs
from tests.analysis.samples import Graph, finding

_FAMILIES, _SIZE = 400, 24


def _edges(src: Int64Array, dst: Int64Array) -> EdgeColumns:
    return EdgeColumns(np.arange(len(src)), src, dst, {})


def _town(seed: int, alone: int = 5) -> RiskGraph:
    """Families that know each other, and as many payments between anybody; a few know nobody."""
    rng = np.random.default_rng(seed)
    n = _FAMILIES * _SIZE
    src = np.repeat(np.arange(n), 3)
    kin = _edges(src, src - src % _SIZE + rng.integers(0, _SIZE, len(src)))
    paid = _edges(rng.integers(0, n, len(src)), rng.integers(0, n, len(src)))
    return RiskGraph(n + alone, {}, {"ASSOCIATED_WITH": kin, "TRANSFERRED": paid})


def _after(graph: RiskGraph, share: float, seed: int) -> RiskGraph:
    """Half the share of the edges went, half came, with three nodes."""
    rng = np.random.default_rng(seed)
    kinds = {}
    for kind, edges in graph.edges.items():
        stays = rng.random(len(edges)) >= share / 2
        new = rng.integers(0, graph.n, (2, int(share / 2 * len(edges))))
        src, dst = (
            np.concatenate([old[stays], more])
            for old, more in ((edges.src, new[0]), (edges.dst, new[1]))
        )
        kinds[kind] = _edges(src, dst)
    return RiskGraph(graph.n + 3, {}, kinds)


def _modularity(graph: RiskGraph, labels: Int64Array) -> float:
    view = balanced_pairs(graph, tie_kinds())
    rows = np.repeat(np.arange(view.n), np.diff(view.indptr))
    strength = np.bincount(labels[rows], view.weights) / view.weights.sum()
    inside = view.weights[labels[rows] == labels[view.indices]].sum() / view.weights.sum()
    return float(inside - (strength**2).sum())


def test_families_are_communities_and_who_is_alone_is_in_none() -> None:
    frame, report = framed(_town(1), None)
    family = np.arange(_FAMILIES * _SIZE) // _SIZE
    assert normalized_mutual_info_score(frame.found.labels[: len(family)], family) > 0.98
    assert (report.began, report.changed, report.runs) == ("afresh", 1.0, 6)
    assert len(report.resolutions) == 3
    assert report.communities == len([name for name in frame.ids if name])
    assert 0.9 * _FAMILIES < report.reliable <= report.communities
    assert len({*frame.ids}) == report.communities + 1
    assert frame.ties[-5:].tolist() == [0] * 5
    assert report.components == 1


def test_nothing_changed_keeps_everything() -> None:
    frame, _ = framed(_town(2), None)
    again, report = framed(_town(2), frame)
    assert (report.began, report.changed) == ("kept", 0.0)
    assert again.found is frame.found
    assert again.ids == frame.ids


@pytest.mark.parametrize("seed", range(3))
def test_after_a_small_batch_it_is_what_a_full_run_gives(seed: int) -> None:
    before, _ = framed(_town(seed), None)
    graph = _after(_town(seed), 0.01, seed)
    frame, report = framed(graph, before)
    afresh, _ = framed(graph, None)
    assert report.began == "continued"
    assert 0.0 < report.changed < MOST_CHANGED
    np.testing.assert_array_equal(frame.component, afresh.component)
    np.testing.assert_array_equal(frame.ties, afresh.ties)
    assert normalized_mutual_info_score(frame.found.labels, afresh.found.labels) >= 0.98
    worth, full = (_modularity(graph, one.found.labels) for one in (frame, afresh))
    assert worth > full - 1e-3
    kept = {name for name in before.ids if name} & set(frame.ids)
    assert len(kept) > 0.9 * report.communities
    changed = [name for name in frame.ids if name and name not in kept]
    assert len(set(changed)) == len(changed)


def test_after_a_large_batch_it_begins_afresh_and_ids_go_on_all_the_same() -> None:
    before, _ = framed(_town(3), None)
    graph = _after(_town(3), 0.2, 3)
    frame, report = framed(graph, before)
    assert report.began == "afresh"
    assert report.changed > MOST_CHANGED
    np.testing.assert_array_equal(frame.found.labels, framed(graph, None)[0].found.labels)
    assert len({name for name in before.ids if name} & set(frame.ids)) > _FAMILIES / 2


def test_after_many_small_batches_it_begins_afresh() -> None:
    graph = _town(8)
    frame, _ = framed(graph, None)
    changed, began = 0.0, []
    for number in range(6):
        graph = _after(graph, 0.01, number)
        frame, report = framed(graph, frame)
        began.append(report.began)
        changed += report.changed
        if report.began == "afresh":
            break
        assert frame.drift == pytest.approx(changed, abs=1e-5)
    assert began[:2] == ["continued"] * 2
    assert began[-1] == "afresh"
    assert frame.drift == 0.0
    assert changed > MOST_CHANGED


def test_a_frame_of_more_nodes_than_there_are_is_of_no_use() -> None:
    before, _ = framed(_town(4, alone=9), None)
    assert framed(_town(4), before)[1].began == "afresh"


def test_a_finding_lies_where_most_of_its_members_are() -> None:
    frame, _ = framed(_town(5), None)
    inside, outside = tuple(range(24, 30)), (4_000, 6_000)
    one, alone = placed(
        [finding("a", nids=(*inside, *outside)), finding("b", nids=(9601, 9602))], frame
    )
    assert alone.community is None
    assert one.community is not None
    cell = frame.found.labels[24]
    assert (one.community.members, one.community.community_id) == (6, frame.ids[cell])
    assert one.community.size == int((frame.found.labels == cell).sum())
    assert one.community.is_reliable
    assert one.community.stability == pytest.approx(frame.found.stability[cell], abs=1e-4)


def test_ties_are_between_those_who_act_and_never_by_place_or_judgement() -> None:
    kinds = set(tie_kinds())
    assert {"OWNS_PHONE", "CALLED", "TRANSFERRED", "USES_DEVICE"} <= kinds
    assert not {"LIVES_IN", "LOCATED_IN", "JUDGED", "HANDLED_BY", "PART_OF"} & kinds


def _run(name: str) -> Run:
    return Run(name, 1, "store", 3, "model", "digest")


def test_a_kept_frame_is_read_as_it_was(tmp_path: Path) -> None:
    frame = dataclasses.replace(framed(_town(6), None)[0], drift=0.02)
    assert frame_file.kept(tmp_path / "scores", Graph()) is None
    frame_file.keep(tmp_path / "scores", _run("one"), frame)
    read = frame_file.kept(tmp_path / "scores", Graph())
    assert read is not None
    again, report = framed(_town(6), read)
    assert report.began == "kept"
    assert (again.ids, again.drift) == (frame.ids, frame.drift)
    for name in ("labels", "sizes", "stability", "surprise"):
        np.testing.assert_array_equal(getattr(again.found, name), getattr(frame.found, name))
    for one, other in zip(again.found.runs, frame.found.runs, strict=True):
        np.testing.assert_array_equal(one, other)
    files = sorted((tmp_path / "scores").iterdir())
    assert [file.name for file in files] == [frame_file.NODES, frame_file.PAIRS]
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600] * 2


def test_files_of_another_graph_run_method_or_kind_are_no_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame, _ = framed(_town(7), None)
    frame_file.keep(tmp_path, _run("one"), frame)
    assert frame_file.kept(tmp_path, Graph()) is not None
    assert frame_file.kept(tmp_path, Graph("another")) is None
    with monkeypatch.context() as patch:
        patch.setattr(frame_file, "METHOD", dataclasses.replace(METHOD, seeds=(1, 2, 3)))
        assert frame_file.kept(tmp_path, Graph()) is None
    pairs = (tmp_path / frame_file.PAIRS).read_bytes()
    frame_file.keep(tmp_path, _run("two"), frame)
    (tmp_path / frame_file.PAIRS).write_bytes(pairs)  # a kill between the two files
    assert frame_file.kept(tmp_path, Graph()) is None
    (tmp_path / frame_file.PAIRS).write_bytes(b"nothing of Arrow")
    assert frame_file.kept(tmp_path, Graph()) is None
