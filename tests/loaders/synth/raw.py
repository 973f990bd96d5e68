"""A city as somebody sees it who has nothing but the delivered files, and who was planted in it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet as pq

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
_AHEAD = 8  # hours of Shanghai before UTC
#: Untyped: the published stubs know fewer combinations of arguments than Arrow does.
pc: Any = pyarrow.compute


@dataclass(frozen=True)
class Ledger:
    """One row a transfer; its accounts by their rows in the banks' file."""

    payer: Places
    payee: Places
    yuan: Numbers
    hour: Numbers
    week: Places


@dataclass(frozen=True)
class CallLog:
    """One row a call; its numbers by their rows in the operators' file."""

    caller: Places
    callee: Places
    seconds: Numbers
    hour: Numbers
    week: Places


@dataclass(frozen=True)
class RawCity:
    """The files of one city, column by column."""

    folder: Path

    def rows(self, name: str) -> list[dict[str, str]]:
        data = (self.folder / name).read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("gb18030")
        return list(csv.DictReader(io.StringIO(text)))

    def objects(self, name: str) -> list[dict[str, Any]]:
        return [orjson.loads(line) for line in (self.folder / name).read_bytes().splitlines()]

    @cached_property
    def transfers(self) -> list[dict[str, str]]:
        return self.rows("transfers.csv")

    @cached_property
    def accounts_by_key(self) -> dict[str, int]:
        """The row of each account in the banks' file; those of another city stand behind them."""
        keys = [row["account_no"] for row in self.rows("accounts.csv")]
        keys += [row["account"] for row in self.rows("truth/elsewhere.csv")]
        return {key: at for at, key in enumerate(keys)}

    @cached_property
    def ledger(self) -> Ledger:
        """All transfers, column by column."""
        as_text = dict.fromkeys(("from_account", "to_account", "time"), pa.string())
        options = pyarrow.csv.ConvertOptions(column_types=as_text)
        table = pyarrow.csv.read_csv(self.folder / "transfers.csv", convert_options=options)
        keys = [*self.accounts_by_key]
        day = pc.utf8_slice_codeunits(table["time"], 0, 10).cast(pa.date32()).cast(pa.int32())
        return Ledger(
            _places(table["from_account"], keys),
            _places(table["to_account"], keys),
            table["amount_yuan"].to_numpy(),
            np.array(pc.utf8_slice_codeunits(table["time"], 11, 13).to_pylist(), np.float64),
            _weeks(day.to_numpy().astype(np.int64)),
        )

    @cached_property
    def calls(self) -> dict[str, list[str]]:
        return pq.read_table(
            self.folder / "calls.parquet", columns=["caller", "callee"]
        ).to_pydict()

    @cached_property
    def numbers_by_key(self) -> dict[str, int]:
        """The row of each number in the operators' file."""
        return {row["number"]: at for at, row in enumerate(self.rows("phones.csv"))}

    @cached_property
    def log(self) -> CallLog:
        """All calls, column by column."""
        names = ["caller", "callee", "seconds", "start"]
        table = pq.read_table(self.folder / "calls.parquet", columns=names)
        keys = [*self.numbers_by_key]
        hours = table["start"].cast(pa.int64()).to_numpy() // 3_600_000 + _AHEAD
        return CallLog(
            _places(table["caller"], keys),
            _places(table["callee"], keys),
            table["seconds"].to_numpy().astype(np.float64),
            (hours % 24).astype(np.float64),
            _weeks(hours // 24),
        )

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The kind of each ring."""
        return {row["ring_id"]: row["kind"] for row in self.rows("truth/rings.csv")}

    @cached_property
    def levels(self) -> dict[str, int]:
        return {row["ring_id"]: int(row["level"]) for row in self.rows("truth/rings.csv")}

    def members(self, *, offenders: bool = True) -> Iterator[dict[str, str]]:
        for row in self.rows("truth/members.csv"):
            if (row["is_offender"] == "1") == offenders:
                yield row

    def keys_of(self, levels: Iterable[int]) -> set[str]:
        wanted = set(levels)
        return {row["key"] for row in self.members() if self.levels[row["ring_id"]] in wanted}

    def accounts(self) -> Mapping[str, Numbers]:
        """Raw columns of the accounts, by name; ``key`` is the order of the keys."""
        rows = self.rows("accounts.csv")
        keys = [row["account_no"] for row in rows]
        ends = np.concatenate([self.ledger.payer, self.ledger.payee])
        ours = ends < len(keys)
        ends, yuan = ends[ours], np.tile(self.ledger.yuan, 2)[ours]
        return {
            "row": np.arange(len(rows), dtype=np.float64),
            "key": _order(keys),
            "opened_at": _order([row["opened_at"] for row in rows]),
            "balance": np.array([float(row["balance_yuan"]) for row in rows]),
            "has device": np.array([float(bool(row["device_id"])) for row in rows]),
            "accounts on its device": self._behind(self.account_devices, "device_id", rows),
            "numbers on its device": self._behind(self.phone_devices, "device_id", rows),
            "degree": np.bincount(ends, minlength=len(keys)).astype(np.float64),
            "volume": np.bincount(ends, np.round(100 * yuan), len(keys)),
            "median amount": _medians(ends, yuan, len(keys)),
        }

    def phones(self) -> Mapping[str, Numbers]:
        """Raw columns of the numbers, by name."""
        rows = self.rows("phones.csv")
        keys = [row["number"] for row in rows]
        calls = pq.read_table(self.folder / "calls.parquet", columns=["caller", "callee"])
        numbers = Counter(row["owner_id"] for row in rows)
        ends = np.concatenate([_places(column, keys) for column in calls.columns])
        return {
            "row": np.arange(len(rows), dtype=np.float64),
            "key": _order(keys),
            "opened_at": _order([row["opened_at"] for row in rows]),
            "degree": np.bincount(ends, minlength=len(keys)).astype(np.float64),
            "numbers on its device": self._behind(self.phone_devices, "imei", rows),
            "accounts on its device": self._behind(self.account_devices, "imei", rows),
            "numbers of its owner": self._behind(numbers, "owner_id", rows),
        }

    @cached_property
    def phone_devices(self) -> Counter[str]:
        """How many numbers are used on each device."""
        return Counter(row["imei"] for row in self.rows("phones.csv"))

    @cached_property
    def account_devices(self) -> Counter[str]:
        """How many accounts are used on each device; on none as well."""
        return Counter(row["device_id"] for row in self.rows("accounts.csv"))

    @staticmethod
    def _behind(counts: Counter[str], column: str, rows: list[dict[str, str]]) -> Numbers:
        """The count of what each row names there, 0 where it names nothing."""
        return np.array([float(counts[row[column]]) if row[column] else 0.0 for row in rows])

    def devices(self) -> Mapping[str, Numbers]:
        """Raw columns of the handsets, by name; ``device_keys`` names their rows."""
        keys = self.device_keys
        used = {(row["imei"], row["owner_id"]) for row in self.rows("phones.csv")}
        owners = Counter(device for device, _ in used)
        return {
            "key": _order(keys),
            "numbers": np.array([float(self.phone_devices[key]) for key in keys]),
            "accounts": np.array([float(self.account_devices[key]) for key in keys]),
            "owners": np.array([float(owners[key]) for key in keys]),
        }

    @cached_property
    def device_keys(self) -> list[str]:
        """All handsets that the operators or the banks name."""
        return sorted({*self.phone_devices, *self.account_devices} - {""})

    def volunteers(self) -> Mapping[str, Numbers]:
        """Raw columns of the volunteers, by name; waits are from publication to grab."""
        rows = self.objects("volunteers.jsonl")
        published = {r["任务编号"]: moment(r["发布时间"]) for r in self.rows("volunteer_tasks.csv")}
        waits: dict[str, list[float]] = {row["volunteer"]: [] for row in rows}
        efforts: dict[str, list[float]] = {row["volunteer"]: [] for row in rows}
        for row in self.objects("task_grabs.jsonl"):
            waits[row["volunteer"]].append(row["grabbed_at"] - published[row["task"]])
            efforts[row["volunteer"]].append(row["finished_at"] - row["grabbed_at"])
        brought = Counter(row["invited_by"] for row in rows)
        return {
            "row": np.arange(len(rows), dtype=np.float64),
            "key": _order([row["volunteer"] for row in rows]),
            "joined on": _order([row["joined_on"] for row in rows]),
            "grabs": np.array([float(len(one)) for one in waits.values()]),
            "median wait": np.array([np.median(one or [0.0]) for one in waits.values()]),
            "median effort": np.array([np.median(one or [0.0]) for one in efforts.values()]),
            "brought": np.array([float(brought[row["volunteer"]]) for row in rows]),
            "was brought": np.array([float(row["invited_by"] is not None) for row in rows]),
        }

    def persons(self) -> Mapping[str, Numbers]:
        """Raw columns of the persons, by name."""
        rows = self.rows("persons.csv")
        home = {row["person_id"]: row["address_code"] for row in self.rows("households.csv")}
        residents = Counter(home.values())
        at = [home.get(row["person_id"], "") for row in rows]
        seen = self.rows("observations.csv")
        met = Counter(row[end] for row in seen for end in ("人员甲", "人员乙"))
        return {
            "row": np.arange(len(rows), dtype=np.float64),
            "key": _order([row["person_id"] for row in rows]),
            "birth_year": np.array([float(row["birth_year"] or 0) for row in rows]),
            "identity number": _order([row["id_number"] for row in rows]),
            "grid": _order([row["grid_code"] for row in rows]),
            "address": _order(at),
            "seen to meet": np.array([float(met[row["person_id"]]) for row in rows]),
            "residents": np.array([float(residents[code]) for code in at]),
            **self._belongings([row["person_id"] for row in rows]),
        }

    def _belongings(self, keys: list[str]) -> Mapping[str, Numbers]:
        """How many numbers, handsets of them, and accounts each person has."""
        phones, accounts = self.rows("phones.csv"), self.rows("accounts.csv")
        handsets = {(row["owner_id"], row["imei"]) for row in phones}
        counts = {
            "numbers": Counter(row["owner_id"] for row in phones),
            "handsets": Counter(owner for owner, _ in handsets),
            "accounts": Counter(row["holder_id"] for row in accounts),
        }
        return {
            name: np.array([float(count[key]) for key in keys]) for name, count in counts.items()
        }


def moment(text: str) -> float:
    """Epoch milliseconds of a Shanghai time."""
    return datetime.fromisoformat(f"{text}+08:00").timestamp() * 1000


def auc(values: Numbers, is_member: npt.NDArray[np.bool_]) -> float:
    """Chance that a member's value exceeds another's (ties count half), turned to at least 0.5."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    members = int(is_member.sum())
    above = rank[is_member].sum() - members * (members + 1) / 2
    area = float(above / (members * (len(values) - members)))
    return max(area, 1.0 - area)


def _weeks(days: Places) -> Places:
    """The week of each, from the first day on."""
    weeks: Places = (days - days.min()) // 7
    return weeks


def _places(texts: object, keys: list[str]) -> Places:
    """The place of each text among the keys."""
    found: Places = pc.index_in(texts, pa.array(keys)).to_numpy().astype(np.int64)
    return found


def _medians(group: Places, values: Numbers, count: int) -> Numbers:
    """Median of the values of each group; 0 where it has none."""
    order = np.lexsort((values, group))
    size = np.bincount(group, minlength=count)
    first = np.cumsum(size) - size
    low, high = (first + np.maximum(size + step, 0) // 2 for step in (-1, 0))
    ordered = np.append(values[order], 0.0)
    return np.where(size > 0, (ordered[low] + ordered[high]) / 2, 0.0)


def _order(texts: list[str]) -> Numbers:
    _, place = np.unique(np.array(texts), return_inverse=True)
    return place.astype(np.float64)
