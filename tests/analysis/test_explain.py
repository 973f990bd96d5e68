"""Findings in plain words, Chinese and English."""

from __future__ import annotations

import pytest

from graphrisk.analysis.explain import explain, kind_name, reason_codes, role_name, sentence
from graphrisk.analysis.model import Reason
from graphrisk.core.errors import BadInput, ConfigError
from graphrisk_algorithms.algorithm import Candidate
from graphrisk_algorithms.parameters import shipped_parameters
from graphrisk_algorithms.registry import FINDERS, finders
from tests.algorithms.planted import planted_towns
from tests.analysis.samples import finding


@pytest.fixture(scope="module")
def candidates() -> list[Candidate]:
    towns = planted_towns().values()
    return [
        one
        for town in towns
        for finder in finders(shipped_parameters())
        for one in finder.run(town)
    ]


def test_every_kind_role_and_clue_of_the_finders_is_told_in_both_languages(
    candidates: list[Candidate],
) -> None:
    assert {one.kind for one in candidates} == set(FINDERS)
    for one in candidates:
        assert kind_name(one.kind, "zh") != one.kind
        assert all(role_name(role, "zh") != role for role in one.roles)
        for clue in one.clues:
            for language in ("zh", "en"):
                told = sentence(Reason(clue.code, 0.1, clue.values), language)
                assert "{" not in told


def test_a_sentence_fills_in_readable_values() -> None:
    values = {"passed": 3, "transfers": 4, "usual": 0.0214}
    reason = Reason("passes_on", 0.5, values)
    assert sentence(reason, "zh") == "收到的4笔转账中有3笔很快几乎全额转出，全市平均为2.14 %"
    values = {"cycles": 2, "accounts": 6, "amount": 123_456_00, "hours": 15.0}
    told = sentence(Reason("money_returns", 0.5, values), "en")
    assert "123,456.00 yuan" in told
    assert "15 hours" in told


def test_a_finding_is_told_with_its_members_by_role_and_the_share_of_each_reason() -> None:
    told = explain(finding("ring_1", 0.5, nids=(1, 2)), {1: "6222 **** 01"}, "en")
    assert told.splitlines() == [
        "scam cell ring_1: score 0.50, 2 members",
        "",
        "Why",
        "  1. 3 of 4 transfers received were soon passed on almost in full; "
        "usual in the city: 2 % (+0.50)",
        "",
        "Who",
        "  mule (2): 6222 **** 01, Account 2",
        "",
        "Evidence: 2 relations or transactions",
    ]
    assert explain(finding("ring_1"), {}, "zh").startswith(
        "电信诈骗团伙 ring_1：风险分0.50，共2个成员"
    )


def test_long_lists_of_members_are_cut_with_their_number() -> None:
    told = explain(finding("ring_1", nids=tuple(range(25))), {}, "en")
    assert "mule (25): " in told
    assert "+5" in told
    assert "Account 24" not in told


def test_an_unknown_code_or_language_is_refused() -> None:
    assert "passes_on" in reason_codes()
    with pytest.raises(ConfigError, match="no_such_code"):
        sentence(Reason("no_such_code", 0.1, {}), "en")
    with pytest.raises(BadInput):
        sentence(Reason("passes_on", 0.1, {}), "fr")
