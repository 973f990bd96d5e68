"""People who stand in the registers twice, and numbers that two have: as told in the truth."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from tests.loaders.synth.own import city_of, only

UNMERGED, SHARED = 0.3, 0.1
_SIZES = {"people": 2000, "days": 14, "cells": 12}


def _folder(tmp_path: Path, unmerged: float, shared: float) -> Path:
    tmp_path.mkdir(exist_ok=True)
    noise = only(unmerged=unmerged, shared_numbers=shared)
    city_of(tmp_path, 1, {}, noise=noise, **_SIZES)
    return tmp_path / "city"


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _folder(tmp_path_factory.mktemp("faulty"), UNMERGED, SHARED)


def _rows(file: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    with file.open(encoding=encoding, newline="") as stream:
        return list(csv.DictReader(stream))


def _register(city: Path) -> dict[str, dict[str, str]]:
    return {row["person_id"]: row for row in _rows(city / "persons.csv", "gb18030")}


def _holders(city: Path) -> Counter[str]:
    """How many telephones and accounts each record has."""
    found = Counter(row["owner_id"] for row in _rows(city / "phones.csv"))
    return found + Counter(row["holder_id"] for row in _rows(city / "accounts.csv", "gb18030"))


def test_each_later_record_is_in_the_register_and_something_is_registered_under_it(
    faulty: Path,
) -> None:
    register, later = _register(faulty), _rows(faulty / "truth" / "later_records.csv")
    holders = _holders(faulty)
    people = len(register) - len(later)
    whose = Counter(row["person"] for row in later)
    assert 0.5 * UNMERGED < len(whose) / people < UNMERGED
    assert max(whose.values()) == 2, "some stand thrice"
    for row in later:
        assert {row["record"], row["person"]} <= register.keys()
        assert holders[row["record"]] > 0 < holders[row["person"]]
    assert holders.keys() <= register.keys()


def test_later_records_have_the_faults_that_the_page_tells(faulty: Path) -> None:
    register = _register(faulty)
    pairs = [
        (register[row["person"]], register[row["record"]])
        for row in _rows(faulty / "truth" / "later_records.csv")
    ]
    shares = {
        "other name": sum(one["name"] != two["name"] for one, two in pairs),
        "no number": sum(not two["id_number"] for _, two in pairs),
        "old form": sum(len(two["id_number"]) == 15 for _, two in pairs),
        "no year": sum(not two["birth_year"] for _, two in pairs),
        "other cell": sum(one["grid_code"] != two["grid_code"] for one, two in pairs),
    }
    found = {name: count / len(pairs) for name, count in shares.items()}
    assert 0.3 < found["other name"] < 0.55
    assert 0.2 < found["no number"] < 0.4
    assert 0.03 < found["old form"] < 0.15
    assert 0.04 < found["no year"] < 0.16
    assert 0.12 < found["other cell"] < 0.28


def test_a_shared_number_is_a_relatives_or_that_of_somebody_of_the_same_year(faulty: Path) -> None:
    register = _register(faulty)
    shared = _rows(faulty / "truth" / "shared_numbers.csv")
    first = len(register) - len(_rows(faulty / "truth" / "later_records.csv"))
    assert 0.6 * SHARED < len(shared) / first < 1.1 * SHARED
    same_year = 0
    for row in shared:
        one, two = register[row["person"]], register[row["whose"]]
        assert one["id_number"] == two["id_number"] != ""
        same_year += one["birth_year"] == two["birth_year"]
        assert one["birth_year"] == two["birth_year"] or one["grid_code"] == two["grid_code"]
    assert 0.3 < same_year / len(shared) < 0.8


def test_what_people_do_is_the_same_whatever_the_registers_say(
    faulty: Path, tmp_path: Path
) -> None:
    clean = _folder(tmp_path / "clean", 0.0, 0.0)
    for name in ("calls.parquet", "transfers.csv", "addresses.csv", "truth/members.csv"):
        assert (clean / name).read_bytes() == (faulty / name).read_bytes(), name
    for name in ("later_records", "shared_numbers"):
        assert _rows(clean / "truth" / f"{name}.csv") == []
    numbers = [row["id_number"] for row in _register(clean).values()]
    assert len(set(numbers)) == len(numbers)
