"""One accusation is told once."""

from __future__ import annotations

import numpy as np

from graphrisk.analysis.echoes import without_echoes
from graphrisk_algorithms.algorithm import Candidate


def _candidate(kind: str, score: float, members: range, victims: int = 0) -> Candidate:
    roles = ["victim"] * victims + ["mule"] * (len(members) - victims)
    return Candidate(
        kind, np.array(members), tuple(roles), np.array([1]), 10 * score, score, clues=()
    )


def test_a_ladder_within_a_cell_is_told_by_the_cell_alone() -> None:
    cell, ladder = _candidate("cell", 0.9, range(30)), _candidate("flow", 0.9, range(10, 20))
    assert without_echoes([cell, ladder]) == [cell]
    assert without_echoes([ladder, cell]) == [cell]


def test_what_adds_a_quarter_of_new_suspects_is_told() -> None:
    both = [_candidate("cell", 0.9, range(30)), _candidate("flow", 0.9, range(24, 32))]
    assert without_echoes(both) == both


def test_a_stronger_one_stays() -> None:
    weak = [_candidate("flow", 0.9, range(10, 20)), _candidate("cell", 0.5, range(30))]
    assert without_echoes(weak) == weak


def test_of_twins_of_two_kinds_the_first_is_told() -> None:
    alike = [_candidate("fan", 0.9, range(30)), _candidate("flow", 0.9, range(2, 32))]
    assert without_echoes(alike) == alike[:1]
    assert without_echoes(alike[::-1]) == alike[:0:-1]
    others = [_candidate("fan", 0.9, range(30)), _candidate("flow", 0.9, range(8, 38))]
    assert without_echoes(others) == others


def test_findings_of_one_kind_and_among_victims_are_no_echoes() -> None:
    same = [_candidate("cell", 0.9, range(30)), _candidate("cell", 0.9, range(10, 20))]
    robbed = [_candidate("cell", 0.9, range(30), victims=20), _candidate("flow", 0.9, range(15))]
    assert without_echoes(same) == same
    assert without_echoes(robbed) == robbed
