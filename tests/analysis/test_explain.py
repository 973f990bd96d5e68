"""Findings in plain words, Chinese and English."""

from __future__ import annotations

import dataclasses

import pytest

from graphrisk.analysis.explain import (
    doubts,
    explain,
    kind_name,
    reason_codes,
    role_name,
    sentence,
)
from graphrisk.analysis.model import Member, Reason
from graphrisk.analysis.proof import Proof
from graphrisk.core.errors import BadInput, ConfigError
from graphrisk_algorithms.algorithm import Candidate
from graphrisk_algorithms.communities.roles import Part
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
    values = {"passed": 3, "transfers": 4, "amount": 1_234_50, "usual": 0.0214}
    reason = Reason("passes_on", 0.5, values)
    assert sentence(reason, "zh") == (
        "收到的4笔转账中有3笔（共1,234.50元）很快几乎全额转出；全市同样大的转账中一般为2.14 %"
    )
    values = {"cycles": 2, "accounts": 6, "amount": 123_456_00, "hours": 15.0}
    told = sentence(Reason("money_returns", 0.5, values), "en")
    assert "123,456.00 yuan" in told
    assert "within 15 hours" in told


def test_long_spans_are_told_in_days() -> None:
    values = {"cycles": 2, "accounts": 6, "amount": 1, "hours": 392.8}
    assert "within 16 days" in sentence(Reason("money_returns", 0.5, values), "en")
    assert "历时16天" in sentence(Reason("money_returns", 0.5, values), "zh")


def test_a_finding_is_told_with_members_by_role_evidence_by_kind_and_doubts() -> None:
    evidence = [
        Proof("TRANSFERRED", 2, first=1_456_761_600_000, last=1_457_971_200_000, fen=9_900),
        Proof("CALLED", 1, first=1_456_761_599_999, last=1_456_761_599_999, fen=None),
        Proof("HOLDS", 1, first=None, last=None, fen=None),
    ]
    told = explain(finding("ring_1", 0.5, nids=(1, 2)), {1: "6222 **** 01"}, evidence, "en")
    lines = told.splitlines()
    assert lines[:12] == [
        "scam cell ring_1: score 0.50, 2 members",
        "The score is a probability as calibrated on synthetic cities, no proof of guilt. "
        "People check and decide.",
        "2 of 2 members lie in the community community_1 of 40 nodes; "
        "its stability is 0.81, and it is closer than chance gives.",
        "",
        "Why (in brackets the share of the score)",
        "  1. 3 of 4 transfers received, 50,000.00 yuan, were soon passed on almost in full; "
        "usual for transfers as large in the city: 2 % (0.50)",
        "",
        "Who",
        "  mule · Account (2): 6222 **** 01, Account 2",
        "",
        "Evidence (2)",
        "  Transferred: 2, 2016-03-01 to 2016-03-15, 99.00 yuan in all",
    ]
    assert lines[12:14] == ["  Called: 1, 2016-02-29 to 2016-02-29", "  Holds account: 1"]
    assert [line for line in lines[17:] if not line.startswith("  - ")] == []
    assert explain(finding("ring_1"), {}, [], "zh").startswith(
        "电信诈骗团伙 ring_1：风险分0.50，2个成员"
    )


def test_a_finding_says_where_it_lies_and_whether_that_may_be_built_on() -> None:
    one = finding("ring_1")
    assert one.community is not None
    told = {language: explain(one, {}, [], language) for language in ("zh", "en")}
    assert "2 of 2 members lie in the community community_1 of 40 nodes" in told["en"]
    assert "stability is 0.81" in told["en"]
    assert "稳定度0.81" in told["zh"]
    loose = dataclasses.replace(one.community, is_reliable=False)
    doubted = dataclasses.replace(one, community=loose)
    assert "conclude nothing from it" in explain(doubted, {}, [], "en")
    assert "不宜据以推断" in explain(doubted, {}, [], "zh")
    assert "conclude nothing" not in told["en"]
    nowhere = dataclasses.replace(one, community=None)
    assert "community" not in explain(nowhere, {}, [], "en")


def test_who_pays_passes_on_and_collects_is_told_in_that_order() -> None:
    one = finding("ring_1", nids=(1, 2, 3, 4))
    parts: dict[int, Part] = {3: "collects", 1: "pays", 2: "pays"}
    told = explain(one, {1: "first"}, [], "en", parts).splitlines()
    at = next(number for number, line in enumerate(told) if line.startswith("Parts"))
    assert told[at + 1 : at + 3] == ["  pays (2): first, Account 2", "  collects (1): Account 3"]
    assert "付款 (2)" in explain(one, {}, [], "zh", parts)
    assert "Parts" not in explain(one, {}, [], "en")


def test_victims_come_last_and_are_said_to_get_no_score() -> None:
    sample = finding("ring_1", nids=(1, 2))
    members = (Member(1, "Person", "victim"), Member(2, "Account", "mule"))
    told = explain(dataclasses.replace(sample, members=members), {}, [], "en").splitlines()
    who = told.index("Who")
    assert told[who + 1].startswith("  mule")
    assert told[who + 2].startswith("  likely victim (gets no score)")


@pytest.mark.parametrize("kind", sorted(FINDERS))
def test_every_kind_of_finding_says_what_to_doubt_in_both_languages(kind: str) -> None:
    assert doubts(kind, "zh")
    assert len(doubts(kind, "zh")) == len(doubts(kind, "en"))


def test_what_is_told_of_real_candidates_holds_no_raw_code(candidates: list[Candidate]) -> None:
    codes = {*FINDERS, *reason_codes(), "TRANSFERRED", "CALLED", "HOLDS", "USES_DEVICE"}
    for number, one in enumerate(candidates):
        sample = finding(f"ring_{number}", one.score, one.kind, tuple(one.members.tolist()))
        reasons = tuple(Reason(clue.code, 0.1, clue.values) for clue in one.clues)
        told = dataclasses.replace(sample, reasons=reasons)
        for language in ("zh", "en"):
            text = explain(told, {}, [Proof("TRANSFERRED", 1, 1, 1, 1)], language)
            assert not [code for code in codes if code in text], text


def test_long_lists_of_members_are_cut_with_their_number() -> None:
    told = explain(finding("ring_1", nids=tuple(range(25))), {}, [], "en")
    assert "mule · Account (25): " in told
    assert "+13" in told
    assert "Account 24" not in told


def test_an_unknown_code_or_language_is_refused() -> None:
    assert "passes_on" in reason_codes()
    with pytest.raises(ConfigError, match="no_such_code"):
        sentence(Reason("no_such_code", 0.1, {}), "en")
    with pytest.raises(BadInput):
        sentence(Reason("passes_on", 0.1, {}), "fr")
