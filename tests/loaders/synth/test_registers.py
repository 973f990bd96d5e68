"""The departments' registers: what they say fits the city, and none changes another's bytes."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from graphrisk_loaders.synth import city as synth
from tests.loaders.synth.own import city_of
from tests.loaders.synth.raw import RawCity


def _write(folder: Path) -> Path:
    synth.write_city("small", 6, folder, lambda *_: None)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _write(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module")
def city(folder: Path) -> RawCity:
    return RawCity(folder)


def _keys(city: RawCity, name: str, column: str) -> set[str]:
    return {row[column] for row in city.rows(name)}


def test_a_register_more_or_less_leaves_the_other_files_as_they_are(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(synth, "_REGISTERS", synth._REGISTERS[::-2])
    fewer = {f.relative_to(tmp_path): f for f in _write(tmp_path).rglob("*.*")}
    assert {"persons.csv", "calls.parquet", "rings.csv"} <= {name.name for name in fewer}
    for name, file in fewer.items():
        told, before = (hashlib.sha256(f.read_bytes()).digest() for f in (file, folder / name))
        assert told == before, name


def test_victims_report_the_account_they_paid_and_the_number_that_called_them(
    city: RawCity,
) -> None:
    holder = {row["account_no"]: row["holder_id"] for row in city.rows("accounts.csv")}
    paid = {(holder[row["from_account"]], row["to_account"]) for row in city.transfers}
    offenders = {row["key"] for row in city.members()}
    known = [row for row in city.rows("police_reports.csv") if row["涉案账户"]]
    assert len(known) > 20
    for row in known:
        assert (row["报警人"], row["涉案账户"]) in paid
        assert {row["涉案账户"], row["涉案号码"]} - {""} <= offenders
    of_ladders = Counter(row["诈骗类别"] for row in known if not row["涉案号码"])
    assert of_ladders.most_common(1)[0][0] == "刷单返利", "their victims were never called"
    unseen = _keys(city, "police_reports.csv", "涉案号码") - _keys(city, "phones.csv", "number")
    assert unseen, "most callers are strangers to this city"


def test_banks_hold_no_more_than_was_lost_and_nothing_where_they_failed(city: RawCity) -> None:
    reports = {row["警情编号"]: row for row in city.rows("police_reports.csv")}
    answers = city.objects("freeze_answers.jsonl")
    assert {row["result"] for row in answers} == {"全额", "部分", "失败"}
    for row in answers:
        report = reports[row["report"]]
        lost = report["损失金额"].replace(",", "")
        assert (row["account"], row["asked_yuan"]) == (report["涉案账户"], lost)
        assert 0 <= float(row["held_yuan"]) <= float(lost)
        assert (row["stopped_account"] is None) == (row["result"] == "失败")
        assert row["ordered_at"] < row["answered_at"] < row["lapses_at"]


def test_the_truth_tells_every_contract_that_the_custodian_saw_otherwise(
    city: RawCity, folder: Path
) -> None:
    contracts = pq.read_table(folder / "contracts.parquet").to_pylist()
    statement = {row["合同编号"]: row["金额"].replace(",", "") for row in _statement(city)}
    found = {}
    for row in contracts:
        seen = statement.get(row["contract"])
        if seen != str(row["amount"]):
            found[row["contract"]] = "missing" if seen is None else "other sum"
    told = {row["contract"]: row["kind"] for row in city.rows("truth/breaks.csv")}
    assert found == told
    assert set(told.values()) == {"missing", "other sum"}
    platform = {row["bid"]: row["platform"] for row in city.objects("bids.jsonl")}
    dubious = _dubious(city)
    assert {platform[row["bid"]] for row in contracts if row["contract"] in told} <= dubious


def test_dubious_platforms_are_complained_of_more_often(city: RawCity) -> None:
    complaints = Counter(row["被投诉平台"] for row in city.rows("complaints.csv"))
    dubious, known = _dubious(city), {row["platform"] for row in city.objects("platforms.jsonl")}
    assert dubious < known
    assert min(complaints[one] for one in dubious) > max(complaints[one] for one in known - dubious)


def test_registers_name_firms_persons_and_accounts_that_other_registers_know(
    city: RawCity, folder: Path
) -> None:
    persons = _keys(city, "persons.csv", "person_id")
    firms = _keys(city, "companies.csv", "统一社会信用代码")
    assert _keys(city, "companies.csv", "法定代表人") <= persons
    assert _keys(city, "shareholders.csv", "统一社会信用代码") == firms
    assert {row["manager"] for row in city.objects("private_funds.jsonl")} <= firms
    assert {row["operator"] for row in city.objects("platforms.jsonl")} <= firms
    accounts = _keys(city, "accounts.csv", "account_no")
    assert {row["客户账号"] for row in _statement(city)} <= accounts
    lenders = pq.read_table(folder / "contracts.parquet").column("lender").to_pylist()
    assert {str(one) for one in lenders} <= persons


def _statement(city: RawCity) -> list[dict[str, str]]:
    return city.rows("custodian_entries.csv")


def _dubious(city: RawCity) -> set[str]:
    return {r["platform"] for r in city.rows("truth/platforms.csv") if r["is_dubious"] == "1"}


def test_cells_meet_and_most_who_are_seen_together_are_nobody(tmp_path: Path) -> None:
    cells = city_of(tmp_path, 4, {"covert_cell": 4, "supply_cell": 4}, people=6000, days=20)
    pairs = [(row["人员甲"], row["人员乙"]) for row in cells.rows("observations.csv")]
    assert len(pairs) == len({frozenset(pair) for pair in pairs}), "each two once"
    of = {row["key"]: row["ring_id"] for row in cells.members() if row["node_kind"] == "Person"}
    within = Counter(of[one] for one, other in pairs if one in of and of[one] == of.get(other))
    bare = {ring for ring, level in cells.levels.items() if level == 0}
    hidden = cells.levels.keys() - bare
    assert len(bare) == 2
    size = Counter(of.values())
    met = {ring: within[ring] / size[ring] for ring in cells.levels}
    assert min(met[ring] for ring in bare) > max(met[ring] for ring in hidden) > 0
    assert sum(within.values()) < 0.8 * len(pairs)
    owner = {row["number"]: row["owner_id"] for row in cells.rows("phones.csv")}
    ends = zip(*(cells.calls[end] for end in ("caller", "callee")), strict=True)
    talked = {frozenset((owner[one], owner[other])) for one, other in ends}
    assert {frozenset(pair) for pair in pairs} <= talked
