"""Cities laid together: what their files say of each row, and whose rows those of rings are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from tests.loaders.synth.busy import busy
from tests.loaders.synth.raw import Numbers, Places, RawCity

BARE = {0}
CAMOUFLAGED = {1, 2, 3}
#: Kinds of rings; what a row belongs to is the place of its kind here.
RINGS = (
    *("scam_cell", "mule_ladder", "fundraising", "fake_bids", "laundering_cycle"),
    *("identity_ring", "laundering_flow", "supply_cell", "covert_cell", "collusive_volunteers"),
)
_NOBODY = -1
#: The file and the column with the keys of each kind of row whose events are counted.
_KEYS = {
    "persons": ("persons.csv", "person_id"),
    "phones": ("phones.csv", "number"),
    "accounts": ("accounts.csv", "account_no"),
}
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Told:
    """What the files of one city say of some kind of row, without the members of bare rings."""

    columns: Mapping[str, Numbers]
    ring: Places  # kind of the camouflaged ring that the row belongs to, a place in ``RINGS``
    is_honest: Bools  # of a hard negative

    def only(self, kept: Bools) -> Told:
        columns = {name: values[kept] for name, values in self.columns.items()}
        return Told(columns, self.ring[kept], self.is_honest[kept])


@dataclass(frozen=True)
class Pool:
    """A folder with one table for each kind of row, of all cities in their order."""

    folder: Path

    def names(self, kind: str) -> list[str]:
        return [name for name in pq.read_schema(self._file(kind)).names if name[0] != "@"]

    def column(self, kind: str, name: str) -> Numbers:
        values: Numbers = pq.read_table(self._file(kind), columns=[name])[name].to_numpy()
        return values

    def matrix(self, kind: str, names: list[str]) -> Numbers:
        return np.column_stack([self.column(kind, name) for name in names])

    def members(self, kind: str, ring: str = "") -> Bools:
        """Rows of camouflaged rings; of one kind of them alone if it is named."""
        rings = self.column(kind, "@ring")
        found: Bools = rings == RINGS.index(ring) if ring else rings != _NOBODY
        return found

    def honest(self, kind: str) -> Bools:
        return self.column(kind, "@honest").astype(np.bool_)

    def city(self, kind: str) -> Numbers:
        """Which city each row is of."""
        return self.column(kind, "@city")

    def _file(self, kind: str) -> Path:
        return self.folder / f"{kind}.parquet"


def lay_together(cities: Iterable[RawCity], folder: Path) -> None:
    """Write what a ``Pool`` reads."""
    tables: dict[str, list[pa.Table]] = {}
    for at, city in enumerate(cities):
        for kind, told in _told(city):
            columns = {"@ring": told.ring, "@honest": told.is_honest, **told.columns}
            columns["@city"] = np.full(len(told.ring), at)
            tables.setdefault(kind, []).append(pa.table(columns))
    for kind, parts in tables.items():
        pq.write_table(pa.concat_tables(parts), folder / f"{kind}.parquet", compression="lz4")


def _told(city: RawCity) -> Iterator[tuple[str, Told]]:
    rows = {kind: [row[key] for row in city.rows(file)] for kind, (file, key) in _KEYS.items()}
    roll = [row["volunteer"] for row in city.objects("volunteers.jsonl")]
    for kind, columns, keys in (
        ("persons", city.persons(), rows["persons"]),
        ("phones", city.phones(), rows["phones"]),
        ("devices", city.devices(), city.device_keys),
        ("accounts", city.accounts(), rows["accounts"]),
        ("volunteers", city.volunteers(), roll),
    ):
        told, shown = _marked(city, columns, keys)
        yield kind, told.only(shown)
    for kind, events, one in busy(city):
        counted = {"degree": one.degree, "volume": one.weekly.sum(axis=1)}
        counted |= {f"week {at}": week for at, week in enumerate(one.weekly.T)}
        marked, shown = _marked(city, counted, rows[kind])
        yield (
            f"{kind}, {events}",
            marked.only(shown & ((marked.ring != _NOBODY) | marked.is_honest)),
        )
    yield "transfers", _transfers(city)
    yield "calls", _calls(city)
    yield "planted", _planted(city)


def _marked(city: RawCity, columns: Mapping[str, Numbers], keys: list[str]) -> tuple[Told, Bools]:
    """All rows, and which of them are not of a bare ring."""
    bare, planted = city.keys_of(BARE), city.keys_of(CAMOUFLAGED)
    honest = {row["key"] for row in city.rows("truth/hard_negatives.csv")}
    kinds = {
        row["key"]: RINGS.index(city.kinds[row["ring_id"]])
        for row in city.members()
        if row["key"] in planted and city.levels[row["ring_id"]] in CAMOUFLAGED
    }
    ring = np.array([kinds.get(key, _NOBODY) for key in keys], np.int64)
    told = Told(columns, ring, np.isin(keys, list(honest - planted)))
    return told, ~np.isin(keys, list(bare))


def _transfers(city: RawCity) -> Told:
    """Transfers within a ring, victims' payments among them, against all others."""
    ledger = city.ledger
    columns = {
        "amount": ledger.yuan,
        "hour": ledger.hour,
        "cents": ledger.yuan % 1,
        "repeats": _repeats(ledger.payer, ledger.payee),
    }
    return _events(city, columns, (ledger.payer, ledger.payee), city.accounts_by_key)


def _planted(city: RawCity) -> Told:
    """Where transfers between offenders of any ring stand in the file, from 0 to 1."""
    own = np.zeros(len(city.accounts_by_key), np.bool_)
    keys = city.keys_of(BARE | CAMOUFLAGED) & city.accounts_by_key.keys()
    own[[city.accounts_by_key[key] for key in keys]] = True
    within = np.flatnonzero(own[city.ledger.payer] & own[city.ledger.payee])
    nobody = np.full(len(within), _NOBODY)
    return Told({"place": within / len(city.ledger.payer)}, nobody, nobody != _NOBODY)


def _calls(city: RawCity) -> Told:
    """Calls within a ring, those to its victims among them, against all others."""
    log = city.log
    columns = {
        "seconds": log.seconds,
        "hour": log.hour,
        "repeats": _repeats(log.caller, log.callee),
    }
    return _events(city, columns, (log.caller, log.callee), city.numbers_by_key)


def _events(
    city: RawCity,
    columns: dict[str, Numbers],
    ends: tuple[Places, Places],
    rows: Mapping[str, int],
) -> Told:
    ring, bare = np.full(len(ends[0]), _NOBODY), np.zeros(len(ends[0]), np.bool_)
    for name, keys in _rings(city).items():
        own = np.zeros(len(rows), np.bool_)
        own[[rows[key] for key in keys & rows.keys()]] = True
        within = own[ends[0]] & own[ends[1]]
        if city.levels[name] in BARE:
            bare |= within
        else:
            ring[within] = RINGS.index(city.kinds[name])
    columns["row"] = np.arange(len(ring), dtype=np.float64)
    return Told(columns, ring, np.zeros(len(ring), np.bool_)).only(~bare)


def _repeats(src: Places, dst: Places) -> Numbers:
    """How often the same two meet in this direction."""
    _, pair, count = np.unique(src * (dst.max() + 1) + dst, return_inverse=True, return_counts=True)
    return count[pair].astype(np.float64)


def _rings(city: RawCity) -> dict[str, set[str]]:
    """Keys of all members of each ring, victims among them."""
    of: dict[str, set[str]] = {name: set() for name in city.levels}
    for row in city.rows("truth/members.csv"):
        of[row["ring_id"]].add(row["key"])
    return of
