"""Published scores: whole, swapped at once, and the same as what was saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrisk.analysis.model import NodeScore, Reason, Run
from graphrisk.analysis.publish import ScoreBoard, publish
from graphrisk.core.errors import NotFound, StoreError, StoreUnavailable

RUN = Run("run-1", 1_000, "store", 7, "spine-test", "d")
REASON = Reason("member_of", 0.5, {"finding": "ring_1", "kind": "scam_cell", "role": "mule"})


def test_before_a_run_there_is_nothing_to_look_up(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        ScoreBoard(tmp_path / "none").present()


def test_scores_come_back_with_their_reasons_and_run(tmp_path: Path) -> None:
    scores = [NodeScore(9, 0.5, (REASON,)), NodeScore(2, 0.25, ())]
    publish(tmp_path, RUN, scores, nodes=10)
    present = ScoreBoard(tmp_path).present()
    assert present.run == RUN
    assert present.of_node(9) == scores[0]
    assert present.of_node(2) == scores[1]


@given(st.dictionaries(st.integers(0, 40), st.floats(0, 1), max_size=8), st.integers(41, 50))
def test_every_node_of_the_run_has_a_score_and_no_other(
    tmp_path_factory: pytest.TempPathFactory, given_scores: dict[int, float], nodes: int
) -> None:
    folder = tmp_path_factory.mktemp("scores")
    publish(folder, RUN, [NodeScore(n, s, ()) for n, s in given_scores.items()], nodes)
    present = ScoreBoard(folder).present()
    for nid in range(nodes):
        assert present.of_node(nid) == NodeScore(nid, given_scores.get(nid, 0.0), ())
    for stranger in (-1, nodes, 2**62):
        with pytest.raises(NotFound):
            present.of_node(stranger)


def test_a_board_follows_the_next_run_while_the_old_one_can_still_be_read(tmp_path: Path) -> None:
    board = ScoreBoard(tmp_path)
    publish(tmp_path, RUN, [NodeScore(1, 0.1, (REASON,))], nodes=3)
    old = board.present()
    assert board.present() is old
    later = Run("run-2", 2_000, "store", 8, "spine-test", "d")
    publish(tmp_path, later, [NodeScore(1, 0.9, ())], nodes=3)
    assert board.present().run == later
    assert board.present().of_node(1).score == 0.9
    assert old.of_node(1) == NodeScore(1, 0.1, (REASON,))
    assert [one.name for one in tmp_path.iterdir()] == ["scores.arrow"]


@pytest.mark.parametrize("content", [b"", b"torn", b"ARROW1\x00\x00" + b"\x00" * 64])
def test_a_file_that_was_not_published_is_a_fault_of_the_store(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "scores.arrow").write_bytes(content)
    with pytest.raises(StoreError):
        ScoreBoard(tmp_path).present()
