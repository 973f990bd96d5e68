"""The departments' registers: what they say fits the city, and none changes another's bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from graphrisk_loaders.synth import city as synth
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
        assert {row["涉案账户"], row["涉案号码"]} <= offenders
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
