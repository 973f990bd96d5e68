"""The departments' files, each in its own format."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from graphrisk_loaders.synth import keys
from graphrisk_loaders.synth.categories import as_told
from graphrisk_loaders.synth.counties import Grid, divisions
from graphrisk_loaders.synth.doubles import Lines, doubles, register
from graphrisk_loaders.synth.elsewhere import kept_here, seen_here
from graphrisk_loaders.synth.formats import (
    amounts,
    in_order,
    numbered,
    parts_of,
    times,
    write_csv,
    write_json_lines,
    write_parquet,
)
from graphrisk_loaders.synth.ground import Ground
from graphrisk_loaders.synth.lateness import delayed
from graphrisk_loaders.synth.model import NONE, City, IntArray, stream
from graphrisk_loaders.synth.parameters import Parameters

_LISTED_STRANGERS = 200


class Files:
    """Writes one city; every file's rows stand in a random order."""

    def __init__(
        self, city: City, parameters: Parameters, ground: Ground, out: Path, seed: int
    ) -> None:
        self.ground = ground
        self._city = city
        self._out = out
        self._grid = Grid(
            parameters.cells, parameters.communities, parameters.townships, parameters.cells_beyond
        )
        self._noise = parameters.noise
        self._rng = city.rng
        self.rows: dict[str, int] = {}
        #: Labels that come late: kind, key, when it was to come, when it comes.
        self.late: list[tuple[str, str, int, int]] = []
        rng = self._rng
        self._seed = seed
        self.person_ids = keys.person_ids(rng, len(city.persons))
        self.doubles = doubles(city, self._noise, seed, self.person_ids)
        self.numbers, self._operators = keys.phone_numbers(rng, len(city.phones))
        self.account_numbers, self._banks = keys.account_numbers(rng, len(city.accounts))
        self.device_ids = keys.device_ids(rng, city.devices)
        self.volunteer_numbers = [
            f"ZY{serial:07d}"
            for serial in keys.distinct(city.volunteer_rng, len(city.volunteers), 7).tolist()
        ]
        self.cell_codes = self._grid.codes()

    def areas(self) -> None:
        """Province, city, county, townships and villages of the city."""
        columns = [list(column) for column in zip(*divisions(self.cell_codes), strict=True)]
        self._csv("areas.csv", dict(zip(("code", "name", "parent"), columns, strict=True)))

    def grid_cells(self) -> None:
        """Cells that tile the city, in UTF-8 with a byte order mark."""
        unit = self._grid.are_units()
        lon, lat = self.ground.centres()
        columns = {
            "code": self.cell_codes,
            "name": [f"{'单元' if u else '社区'}网格{i + 1}" for i, u in enumerate(unit)],
            "kind": ["unit" if u else "community" for u in unit],
            "area_code": [code[:12] for code in self.cell_codes],
            "lon": lon.tolist(),
            "lat": lat.tolist(),
            "boundary": self.ground.boundaries(),
        }
        self._csv("grid_cells.csv", columns, encoding="utf-8-sig")

    def persons(self) -> None:
        """The population register, in GB18030."""
        city = self._city
        years = city.persons.column("birth_year")
        first = Lines(
            key=self.person_ids,
            name=city.names,
            birth_year=years.tolist(),
            number=keys.identity_numbers(self._rng, years),
            cell=[self.cell_codes[cell] for cell in city.persons.column("cell")],
        )
        lines = register(first, self.doubles, city.look_alikes, self.cell_codes, self._seed)
        columns = {
            "person_id": lines.key,
            "name": lines.name,
            "birth_year": lines.birth_year,
            "id_number": lines.number,
            "grid_code": lines.cell,
        }
        order = self._rng.permutation(len(self.person_ids))
        if self.doubles.keys:  # later records stand anywhere, and draw nothing from the city
            order = stream(self._seed, "order of records").permutation(len(lines.key))
        self._csv("persons.csv", columns, encoding="gb18030", order=order)

    def phones(self) -> None:
        """The operators' registers."""
        phones = self._city.phones
        columns = {
            "number": self.numbers,
            "owner_id": self._registered(phones.column("owner"), self.doubles.phone),
            "operator": self._operators,
            "opened_at": times(phones.column("opened")),
            "imei": _taken(self.device_ids, phones.column("device")),
        }
        self._csv("phones.csv", columns)

    def accounts(self) -> None:
        """The registers of the city's banks, in GB18030."""
        accounts = self._city.accounts
        balance = np.round(self._rng.lognormal(8.5, 1.4, len(accounts)), 2)
        columns = {
            "account_no": self.account_numbers,
            "bank": self._banks,
            "holder_id": self._registered(accounts.column("holder"), self.doubles.account),
            "opened_at": times(accounts.column("opened")),
            "balance_yuan": [f"{value:.2f}" for value in balance.tolist()],
            "device_id": _taken([*self.device_ids, ""], accounts.column("device")),
        }
        kept = kept_here(self._city)
        order = kept[self._rng.permutation(len(kept))]
        self._csv("accounts.csv", columns, encoding="gb18030", order=order)

    def calls(self) -> None:
        """The operators' call records, in the order of time, as Parquet; some are missing."""
        calls = self._city.calls
        heard = stream(self._seed, "missing calls").random(len(calls)) >= self._noise.missing_calls
        order = np.argsort(calls.column("at"), kind="stable")
        order = order[heard[order]]
        write_parquet(self._out / "calls.parquet", self._calls(order))
        self.rows["calls.parquet"] = len(order)

    def transfers(self) -> None:
        """The banks' transfers, in the order of time."""
        at, seen = self._city.transfers.column("at"), seen_here(self._city)
        order = seen[np.argsort(at[seen], kind="stable")]
        write_csv(self._out / "transfers.csv", self._transfers(order))
        self.rows["transfers.csv"] = len(order)

    def scam_numbers(self) -> None:
        """The list of scam numbers: some of this city's, most never seen here, a few mistaken."""
        rng, city = self._rng, self._city
        listed = [self.numbers[i] for i in city.listed.column("phone")]
        early = city.listed.column("at")
        late = delayed(stream(self._seed, "late listings"), early, self._noise.late_labels)
        at = late.tolist()
        moments = zip(listed, early.tolist(), at, strict=True)
        self.late += [("scam_number", key, on, told) for key, on, told in moments if on != told]
        told = stream(self._seed, "categories of listings")
        listings = as_told(told, city.listed.column("category"), self._noise.miscategorised)
        category = [keys.CATEGORIES[i] for i in listings]
        others = np.setdiff1d(np.arange(len(self.numbers)), city.listed.column("phone"))
        mistaken = rng.choice(others, 3, replace=False).tolist()
        foreign = [f"8517{n:09d}" for n in keys.distinct(rng, _LISTED_STRANGERS, 9).tolist()]
        extra = [self.numbers[i] for i in mistaken] + foreign
        listed += extra
        at += (city.start + rng.integers(0, city.end - city.start, len(extra))).tolist()
        category += [keys.CATEGORIES[i] for i in rng.integers(0, len(keys.CATEGORIES), len(extra))]
        rows = [
            {"number": listed[i], "category": category[i], "listed_at": int(at[i])}
            for i in rng.permutation(len(listed)).tolist()
            if i >= len(early) or late[i] == early[i] or late[i] < city.end
        ]
        write_json_lines(self._out / "scam_numbers.jsonl", rows)
        self.rows["scam_numbers.jsonl"] = len(rows)

    def _calls(self, order: IntArray) -> Iterator[pa.Table]:
        calls, numbers = self._city.calls, pa.array(self.numbers)
        serials = keys.distinct(self._rng, len(order), 12)
        names = ("src", "dst", "at", "seconds", "answered")
        src, dst, at, seconds, answered = (calls.column(name)[order] for name in names)
        for rows in parts_of(len(order)):
            yield pa.table(
                {
                    "call_id": numbered("C", serials[rows], 12),
                    "caller": numbers.take(src[rows]),
                    "callee": numbers.take(dst[rows]),
                    "start": pa.array(at[rows]).cast(pa.timestamp("ms", tz="UTC")),
                    "seconds": seconds[rows].astype(np.int32),
                    "answered": answered[rows].astype(bool),
                }
            )

    def _transfers(self, order: IntArray) -> Iterator[pa.Table]:
        transfers, numbers = self._city.transfers, pa.array(self.account_numbers)
        serials = keys.distinct(self._rng, len(order), 12)
        src, dst, at, fen = (transfers.column(name)[order] for name in ("src", "dst", "at", "fen"))
        for rows in parts_of(len(order)):
            yield pa.table(
                {
                    "serial": numbered("T", serials[rows], 12),
                    "from_account": numbers.take(src[rows]),
                    "to_account": numbers.take(dst[rows]),
                    "amount_yuan": amounts(fen[rows]),
                    "time": times(at[rows]),
                }
            )

    def _registered(self, person: IntArray, later: IntArray) -> pa.Array[pa.StringScalar]:
        """The record that each thing is registered under."""
        first = len(self.person_ids)
        record = np.where(later == NONE, person, first + later)
        return _taken([*self.person_ids, *self.doubles.keys], record)

    def _csv(
        self,
        name: str,
        columns: dict[str, Any],
        *,
        encoding: str = "utf-8",
        order: IntArray | None = None,
    ) -> None:
        table = pa.table({title: pa.array(values) for title, values in columns.items()})
        order = self._rng.permutation(table.num_rows) if order is None else order
        write_csv(self._out / name, in_order(table, order), encoding)
        self.rows[name] = table.num_rows


def _taken(keys: list[str], numbers: IntArray) -> pa.Array[pa.StringScalar]:
    """Keys of numbered things; ``NONE`` is the last of them."""
    return pa.array(keys).take(numbers % len(keys))
