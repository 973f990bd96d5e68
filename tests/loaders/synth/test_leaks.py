"""No single raw column tells who was planted, nor do all of them together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score

from graphrisk_loaders.synth.city import write_city
from tests.effort import LONG
from tests.loaders.synth.own import city_of
from tests.loaders.synth.raw import CallLog, Numbers, Places, RawCity, auc

SEEDS = range(11, 21)
#: Seeds of the pooled cities of each preset; towns are judged in the long form alone.
POOLS = {"small": SEEDS, **({"town": range(11, 13)} if LONG else {})}
MOST = 0.75
#: Kinds of which ``small`` plants few.
ALONE = ("mule_ladder", "fundraising", "fake_bids", "supply_cell", "covert_cell")
#: Counts over several rows, which are of the graph: with them trees tell a pool of numbers by its
#: owners and handsets (average precision 0.54).
JOINED = {
    "phones": ("numbers on its device", "accounts on its device", "numbers of its owner"),
    "devices": ("owners",),
}
#: Strangers on one handset are what a pool of numbers or an identity ring is: how many owners a
#: handset has, which no register tells by itself, tells more of them than one raw column may.
OWNERS = 0.88
CAMOUFLAGED = (1, 2, 3)
#: Kinds of rows, and how many members of camouflaged rings there are at least.
KINDS = {
    "persons": 300,
    "phones": 300,
    "accounts": 300,
    "devices": 50,  # rings of a town are small ones of their kind: thirty handsets a town
    "transfers": 300,
    "calls": 300,
    "volunteers": 30,
}
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Told:
    """What the files of one city say of some kind of row, without the members of bare rings."""

    columns: Mapping[str, Numbers]
    is_member: Bools  # of a camouflaged ring
    is_honest: Bools  # of a hard negative


@dataclass(frozen=True)
class Pool:
    """The cities together, and where the rows of their rings stand in the transfers."""

    kinds: Mapping[str, list[Told]]
    places: list[list[float]]

    def column(self, kind: str, name: str) -> Numbers:
        return np.concatenate([one.columns[name] for one in self.kinds[kind]])

    def members(self, kind: str) -> Bools:
        return np.concatenate([one.is_member for one in self.kinds[kind]])

    def honest(self, kind: str) -> Bools:
        return np.concatenate([one.is_honest for one in self.kinds[kind]])


@pytest.fixture(scope="module", params=POOLS)
def pool(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pool:
    kinds: dict[str, list[Told]] = {}
    places = []
    for seed in POOLS[request.param]:
        folder = tmp_path_factory.mktemp(f"{request.param}{seed}")
        write_city(request.param, seed, folder, lambda *_: None)
        city = RawCity(folder)
        for kind, told in _told(city):
            kinds.setdefault(kind, []).append(told)
        places.append(_places(city))
    return Pool(kinds, places)


def _told(city: RawCity) -> Iterator[tuple[str, Told]]:
    bare, planted = city.keys_of({0}), city.keys_of(CAMOUFLAGED)
    honest = {row["key"] for row in city.rows("truth/hard_negatives.csv")}
    for kind, columns, keys in (
        ("persons", city.persons(), [row["person_id"] for row in city.rows("persons.csv")]),
        ("phones", city.phones(), [row["number"] for row in city.rows("phones.csv")]),
        ("devices", city.devices(), city.device_keys),
        ("accounts", city.accounts(), [row["account_no"] for row in city.rows("accounts.csv")]),
        ("volunteers", city.volunteers(), _roll(city)),
    ):
        shown = ~np.isin(keys, list(bare))
        yield (
            kind,
            Told(
                {name: values[shown] for name, values in columns.items()},
                np.isin(keys, list(planted))[shown],
                np.isin(keys, list(honest - planted))[shown],
            ),
        )
    yield "transfers", _transfers(city)
    yield "calls", _calls(city)


def _roll(city: RawCity) -> list[str]:
    return [row["volunteer"] for row in city.objects("volunteers.jsonl")]


def _transfers(city: RawCity) -> Told:
    """Transfers within a ring, victims' payments among them, against all others."""
    ledger = city.ledger
    bare, camouflaged = (
        np.logical_or.reduce([_within(city, ring) for ring in rings])
        for rings in (_rings(city, {0}), _rings(city, set(CAMOUFLAGED)))
    )
    columns = {
        "amount": ledger.yuan,
        "hour": ledger.hour,
        "cents": ledger.yuan % 1,
        "repeats": _repeats(ledger.payer, ledger.payee),
        "row": np.arange(len(ledger.yuan), dtype=np.float64),
    }
    shown = ~bare
    member = camouflaged[shown]
    return Told(
        {name: values[shown] for name, values in columns.items()},
        member,
        np.zeros(len(member), np.bool_),
    )


def _calls(city: RawCity) -> Told:
    """Calls within a ring, those to its victims among them, against all others."""
    log = city.log
    bare, camouflaged = (
        np.logical_or.reduce([_among(log, city.numbers_by_key, ring) for ring in rings])
        for rings in (_rings(city, {0}), _rings(city, set(CAMOUFLAGED)))
    )
    columns = {
        "seconds": log.seconds,
        "hour": log.hour,
        "repeats": _repeats(log.caller, log.callee),
        "row": np.arange(len(log.hour), dtype=np.float64),
    }
    shown = ~bare
    member = camouflaged[shown]
    return Told(
        {name: values[shown] for name, values in columns.items()},
        member,
        np.zeros(len(member), np.bool_),
    )


def _among(log: CallLog, numbers: Mapping[str, int], ring: set[str]) -> Bools:
    """Which calls stay within these numbers."""
    own = np.zeros(len(numbers), np.bool_)
    own[[numbers[key] for key in ring & numbers.keys()]] = True
    within: Bools = own[log.caller] & own[log.callee]
    return within


def _repeats(src: Places, dst: Places) -> Numbers:
    """How often the same two meet in this direction."""
    _, pair, count = np.unique(src * (dst.max() + 1) + dst, return_inverse=True, return_counts=True)
    return count[pair].astype(np.float64)


def _rings(city: RawCity, levels: set[int]) -> list[set[str]]:
    """Keys of all members, victims among them, of the rings of these levels."""
    of: dict[str, set[str]] = {name: set() for name in city.levels if city.levels[name] in levels}
    for row in city.rows("truth/members.csv"):
        if row["ring_id"] in of:
            of[row["ring_id"]].add(row["key"])
    return [*of.values(), set()]


def _within(city: RawCity, ring: set[str]) -> Bools:
    """Which transfers stay within these accounts."""
    own = np.zeros(len(city.accounts_by_key), np.bool_)
    own[[city.accounts_by_key[key] for key in ring & city.accounts_by_key.keys()]] = True
    within: Bools = own[city.ledger.payer] & own[city.ledger.payee]
    return within


def _places(city: RawCity) -> list[float]:
    planted = _within(city, city.keys_of({0, *CAMOUFLAGED}))
    return [place / len(planted) for place in np.flatnonzero(planted).tolist()]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, Told]]]:
    """Per kind of ring, smaller cities with four of it and of no other."""
    told: dict[str, list[tuple[str, Told]]] = {}
    for kind in ALONE:
        for seed in SEEDS:
            folder = tmp_path_factory.mktemp(f"{kind}{seed}")
            city = city_of(folder, seed, {kind: 4}, people=2500, cells=20)
            told.setdefault(kind, []).extend(_told(city))
    return told


def _high(told: Mapping[str, float]) -> dict[str, float]:
    limits = {"owners": OWNERS}
    return {name: area for name, area in told.items() if area > limits.get(name, MOST)}


@pytest.mark.parametrize("ring", ALONE)
@pytest.mark.parametrize("kind", ["persons", "phones", "devices", "accounts", "transfers"])
def test_no_raw_column_tells_members_of_one_kind_of_ring(
    kind: str, ring: str, alone: Mapping[str, list[tuple[str, Told]]]
) -> None:
    cities = [told for of, told in alone[ring] if of == kind]
    members = np.concatenate([one.is_member for one in cities])
    assert members.any() or kind in ("phones", "devices")
    told = {
        name: round(auc(np.concatenate([one.columns[name] for one in cities]), members), 3)
        for name in cities[0].columns
        if members.any()
    }
    assert _high(told) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_no_raw_column_tells_members_of_camouflaged_rings(kind: str, pool: Pool) -> None:
    members = pool.members(kind)
    assert members.sum() > KINDS[kind]
    told = {
        name: round(auc(pool.column(kind, name), members), 3)
        for name in pool.kinds[kind][0].columns
    }
    assert _high(told) == {}
    # A ring is active on some days of the month, so its rows are near; a few dozen lie by chance.
    if kind not in ("transfers", "calls", "volunteers"):
        for name in ("row", "key", "opened_at"):
            assert told.get(name, 0.5) < 0.6, told


#: A call has no more than a length and an hour beside its two ends.
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "calls"])
def test_boosting_on_raw_columns_without_the_graph_finds_few_members(kind: str, pool: Pool) -> None:
    every = pool.kinds[kind]
    names = [name for name in every[0].columns if name not in ("key", *JOINED.get(kind, ()))]
    seen, judged = every[: len(every) // 2], every[len(every) // 2 :]
    model = HistGradientBoostingClassifier(max_iter=60, random_state=1)
    model.fit(_matrix(seen, names), np.concatenate([one.is_member for one in seen]))
    scores = model.predict_proba(_matrix(judged, names))[:, 1]
    members = np.concatenate([one.is_member for one in judged])
    assert average_precision_score(members, scores) < 0.25


def _matrix(cities: list[Told], names: list[str]) -> Numbers:
    return np.concatenate(
        [np.column_stack([one.columns[name] for name in names]) for one in cities]
    )


@pytest.mark.parametrize("name", ["degree", "volume"])
def test_members_and_honest_look_alikes_pay_about_as_often_and_as_much(
    name: str, pool: Pool
) -> None:
    values = pool.column("accounts", name)
    members, honest = values[pool.members("accounts")], values[pool.honest("accounts")]
    assert stats.ks_2samp(members, honest).statistic < 0.2


def test_ring_rows_stand_everywhere_in_the_files(pool: Pool) -> None:
    for places in pool.places:
        assert min(places) < 0.25
        assert max(places) > 0.75
