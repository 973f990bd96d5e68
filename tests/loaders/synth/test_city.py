"""The synthetic city: same seed same bytes, its files, and its truth."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from graphrisk_loaders.synth.city import CityReport, write_city
from graphrisk_loaders.synth.parameters import read_preset
from tests.loaders.synth.own import city_of
from tests.loaders.synth.raw import RawCity, moment

KEPT = "identity_ring"  # is paid by anybody, at every level
FOR_POINTS = "collusive_volunteers"  # without money and accounts
LEVELS = range(4)
_NO_FAULTS = ("later_records", "shared_numbers", "late_labels", "elsewhere", "false_reports")
#: Lists of faults that ``small`` has none of.
NO_FAULTS = {f"truth/{name}.csv" for name in _NO_FAULTS}


def _written(folder: Path, seed: int) -> CityReport:
    return write_city("small", seed, folder, lambda *_: None)


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    _written(folder, 3)
    return folder


@pytest.fixture(scope="module")
def city(folder: Path) -> RawCity:
    return RawCity(folder)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(
    folder: Path, tmp_path: Path
) -> None:
    _written(tmp_path / "again", 3)
    _written(tmp_path / "other", 4)
    first, again, other = (
        _digests(one) for one in (folder, tmp_path / "again", tmp_path / "other")
    )
    assert first == again
    assert first.keys() == other.keys()
    unlike = {name for name in first if first[name] != other[name]}
    assert first.keys() - unlike <= {"areas.csv", "grid_cells.csv", *NO_FAULTS}


def test_the_report_counts_what_was_written(folder: Path, tmp_path: Path) -> None:
    report = _written(tmp_path, 3)
    parameters = read_preset("small")
    assert report.rings == parameters.rings
    assert report.hard_negatives == parameters.hard_negatives
    city = RawCity(folder)
    for name in ("persons.csv", "phones.csv", "accounts.csv", "transfers.csv"):
        assert report.rows[name] == len(city.rows(name)), name
    assert report.rows["persons.csv"] >= parameters.people


def test_every_kind_of_ring_is_planted_at_the_levels_of_camouflage_in_turn(city: RawCity) -> None:
    planted = Counter((row["kind"], int(row["level"])) for row in city.rows("truth/rings.csv"))
    for kind, count in read_preset("small").rings.items():
        levels = [planted[kind, level] for level in LEVELS]
        assert sum(levels) == count > 0
        assert max(levels) - min(levels) <= 1, kind


def test_which_level_comes_first_depends_on_the_seed(tmp_path: Path) -> None:
    first: list[int] = []
    for seed in LEVELS:
        (tmp_path / f"{seed}").mkdir()
        first += city_of(
            tmp_path / f"{seed}", seed, {"identity_ring": 1}, people=500
        ).levels.values()
    assert sorted(first) == [*LEVELS]


def test_there_are_five_times_as_many_honest_look_alikes_of_at_least_three_kinds(
    city: RawCity,
) -> None:
    groups = {(row["kind"], row["group_id"]) for row in city.rows("truth/hard_negatives.csv")}
    assert len({kind for kind, _ in groups}) >= 3
    assert len(groups) >= 5 * len(city.levels)


def test_the_truth_names_victims_and_the_money_that_was_taken(city: RawCity) -> None:
    rings = {row["ring_id"]: row for row in city.rows("truth/rings.csv")}
    accounts: dict[str, dict[str, set[str]]] = {}
    for row in city.rows("truth/members.csv"):
        if row["node_kind"] == "Account":
            accounts.setdefault(row["ring_id"], {}).setdefault(row["role"], set()).add(row["key"])
    for name, ring in rings.items():
        assert int(ring["started"]) < int(ring["ended"])
        assert (int(ring["taken_fen"]) > 0) == (ring["kind"] != FOR_POINTS)
        if ring["kind"] == "scam_cell":
            of = accounts[name]
            assert len(of["victim"]) >= 5
            # Each victim pays once; the account of a hijacked shopkeeper he may pay again.
            lost: dict[str, int] = {}
            for row in city.transfers:
                in_time = moment(row["time"]) >= int(ring["started"])
                paid = row["from_account"] in of["victim"] and row["to_account"] in of["mule"]
                if paid and in_time:
                    lost.setdefault(row["from_account"], round(100 * float(row["amount_yuan"])))
            # Payments that fell behind the last day are told, but not delivered.
            total = sum(lost.values())
            assert 0.6 * int(ring["taken_fen"]) <= total <= 1.1 * int(ring["taken_fen"])


def test_a_scam_cell_has_a_ladder_of_mules_and_no_victim_is_an_offender(city: RawCity) -> None:
    for row in city.members(offenders=False):
        assert row["role"] == "victim"
    for ring, kind in ((row["ring_id"], row["kind"]) for row in city.rows("truth/rings.csv")):
        if kind != "scam_cell":
            continue
        mules = {
            row["key"]
            for row in city.members()
            if (row["ring_id"], row["role"], row["node_kind"]) == (ring, "mule", "Account")
        }
        passed = {
            (row["from_account"], row["to_account"])
            for row in city.transfers
            if row["from_account"] in mules and row["to_account"] in mules
        }
        second = {payee for _, payee in passed}
        assert {payee for payer, payee in passed if payer in second}, "three layers"


def test_camouflaged_accounts_make_ordinary_payments_and_bare_ones_none(city: RawCity) -> None:
    accounts: defaultdict[str, set[str]] = defaultdict(set)
    everybody: defaultdict[str, set[str]] = defaultdict(set)
    for row in city.rows("truth/members.csv"):
        if row["node_kind"] == "Account":
            everybody[row["ring_id"]].add(row["key"])
            if row["is_offender"] == "1":
                accounts[row["ring_id"]].add(row["key"])
    ordinary: Counter[int] = Counter()
    for ring in (row["ring_id"] for row in city.rows("truth/rings.csv") if row["kind"] != KEPT):
        for row in city.transfers:
            ends = {row["from_account"], row["to_account"]}
            if ends & accounts[ring] and not ends <= everybody[ring]:
                ordinary[city.levels[ring]] += 1
    assert ordinary[0] == 0
    assert min(ordinary[level] for level in (1, 2, 3)) > 100


def test_ordinary_people_have_second_numbers_that_they_use_and_put_in_one_handset(
    city: RawCity,
) -> None:
    planted = {row["key"] for row in city.members()}
    phones = [row for row in city.rows("phones.csv") if row["number"] not in planted]
    owners, handsets = Counter(r["owner_id"] for r in phones), Counter(r["imei"] for r in phones)
    assert len(phones) > 1.6 * len(owners)
    assert sum(count >= 2 for count in handsets.values()) > 0.3 * len(handsets)
    seen = {*city.calls["caller"], *city.calls["callee"]}
    further = [row["number"] for row in phones if owners[row["owner_id"]] > 1]
    assert sum(number in seen for number in further) > 0.9 * len(further)
    # Half of those who share a handset are of one home, or it would tell strangers at once.
    home = {row["person_id"]: row["address_code"] for row in city.rows("households.csv")}
    users: dict[str, set[str]] = {}
    for row in phones:
        users.setdefault(row["imei"], set()).add(row["owner_id"])
    shared = [of for of in users.values() if len(of) > 1]
    together = [of for of in shared if len({home.get(one) for one in of}) == 1]
    assert len(together) > 0.5 * len(shared) > 100
