"""The finance office and the platforms: who lends what to whom, in two sets of books.

Every other lending platform is dubious: some of its lenders' money never reached the custodian,
or the custodian's sums differ from its books. ``truth/platforms.csv`` and ``truth/breaks.csv``
tell which.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graphrisk_loaders.synth import keys
from graphrisk_loaders.synth.formats import local_times, yuan
from graphrisk_loaders.synth.model import DAY, HOUR, MINUTE, IntArray
from graphrisk_loaders.synth.registers.firms import financial, firms_of
from graphrisk_loaders.synth.registers.office import Office, picked

_PEOPLE_A_PLATFORM = 1500
_BIDS = 15  # of a lending platform
_LENDERS = 6  # of a bid, on average
_TRADES = ("网络借贷", "财富管理", "众筹")
_MISSING, _OTHER_SUM = 0.06, 0.04  # shares of a dubious platform's contracts
_RATES = {False: (0.06, 0.11), True: (0.14, 0.24)}


@dataclass(frozen=True, slots=True)
class Platforms:
    """One row a platform."""

    key: list[str]
    name: list[str]
    trade: IntArray
    dubious: list[bool]
    operator: list[str]


@dataclass(frozen=True, slots=True)
class _Contracts:
    """One row a contract."""

    key: list[str]
    bid: IntArray
    lender: IntArray
    fen: IntArray
    at: IntArray
    dubious: IntArray


def platforms_of(office: Office) -> Platforms:
    """The platforms of the city, the same every time they are asked for."""
    rng, firms = office.chance("platforms"), firms_of(office)
    count = max(len(office.city.persons) // _PEOPLE_A_PLATFORM, 4)
    operator = rng.choice(financial(firms), count)
    return Platforms(
        [f"PT{serial:06d}" for serial in keys.distinct(rng, count, 6).tolist()],
        [f"{firms.name[of][2:4]}{'贷' if i % 2 else '宝'}{i + 1}" for i, of in enumerate(operator)],
        np.arange(count) // 2 % len(_TRADES),
        [bool(number % 2) for number in range(count)],
        [firms.code[of] for of in operator.tolist()],
    )


def platforms(office: Office) -> None:
    """Write the register, the platforms' books and the custodian's statement, and the truth."""
    register = platforms_of(office)
    _register(office, register)
    bids, dubious = _bids(office, register)
    contracts = _contracts(office, bids, dubious)
    breaks = _statement(office, contracts)
    _truth(office, register, [(contracts.key[of], kind) for of, kind in breaks])


def _register(office: Office, register: Platforms) -> None:
    rng, count = office.chance("platforms.jsonl"), len(register.key)
    accounts = [f"622999{serial:013d}" for serial in keys.distinct(rng, count, 13).tolist()]
    started = local_times(office.city.start - rng.integers(60, 1500, count) * DAY)
    rows = [
        {
            "platform": register.key[place],
            "name": register.name[place],
            "site": f"www.{register.key[place].lower()}.example",
            "trade": _TRADES[trade],
            "operator": register.operator[place],
            "custody_account": accounts[place] if trade == 0 else None,
            "status": "正常运营",
            "started_on": started[place][:10],
        }
        for place, trade in enumerate(register.trade.tolist())
    ]
    office.json_lines("platforms.jsonl", rows)


def _bids(office: Office, register: Platforms) -> tuple[list[str], IntArray]:
    """Their keys, and which are of dubious platforms."""
    rng, firms = office.chance("bids"), firms_of(office)
    lending = np.flatnonzero(register.trade == 0)
    platform = np.repeat(lending, _BIDS)
    dubious = np.array(register.dubious)[platform].astype(np.int64)
    count = len(platform)
    key = [f"BD{serial:08d}" for serial in keys.distinct(rng, count, 8).tolist()]
    person = picked(office.files.person_ids, rng.choice(office.people.adults, count))
    company = picked(firms.code, rng.integers(0, len(firms.code), count))
    opened = local_times(office.moments(rng, count))
    rows = []
    for place in range(count):
        private = bool(rng.random() < 0.7)
        low, high = _RATES[bool(dubious[place])]
        rows.append(
            {
                "bid": key[place],
                "platform": register.key[platform[place]],
                "title": "个人消费借款" if private else "企业流动资金借款",
                "person": person[place] if private else None,
                "company": None if private else company[place],
                "amount_yuan": f"{int(rng.integers(2, 100)) * 10_000}.00",
                "rate": round(float(rng.uniform(low, high)), 3),
                "months": int(rng.choice([3, 6, 12, 24])),
                "opened_at": opened[place],
            }
        )
    office.json_lines("bids.jsonl", rows)
    return key, dubious


def _contracts(office: Office, bids: list[str], dubious: IntArray) -> _Contracts:
    rng, city = office.chance("contracts"), office.city
    bid = np.repeat(np.arange(len(bids)), rng.poisson(_LENDERS, len(bids)) + 1)
    count = len(bid)
    lenders = office.people.adults[office.people.account_of[office.people.adults] >= 0]
    made = _Contracts(
        [f"HT{serial:010d}" for serial in keys.distinct(rng, count, 10).tolist()],
        bid,
        rng.choice(lenders, count),
        rng.integers(1, 60, count) * 1000 * 100,
        np.minimum(office.moments(rng, count), city.end - DAY),
        dubious[bid],
    )
    decimals = [pa.scalar(text).cast(pa.decimal128(14, 2)).as_py() for text in yuan(made.fen)]
    columns = {
        "contract": pa.array(made.key),
        "bid": pa.array(picked(bids, bid)),
        "lender": pa.array(picked(office.files.person_ids, made.lender)),
        "amount": pa.array(decimals, pa.decimal128(14, 2)),
        "signed_at": pa.array(made.at).cast(pa.timestamp("ms", tz="UTC")),
    }
    office.parquet("contracts.parquet", pa.table(columns).take(rng.permutation(count)))
    _repayments(office, made, bids)
    return made


def _repayments(office: Office, contracts: _Contracts, bids: list[str]) -> None:
    """Interest of the first month, where the month has passed."""
    rng = office.chance("repayments")
    due = contracts.at + 10 * DAY + rng.integers(0, 8 * HOUR, len(contracts.at))
    paid = np.flatnonzero(due < office.city.end)
    serials = keys.distinct(rng, len(paid), 10).tolist()
    columns = {
        "serial": [f"HK{serial:010d}" for serial in serials],
        "bid": picked(bids, contracts.bid[paid]),
        "contract": picked(contracts.key, paid),
        "paid_at": local_times(due[paid]),
        "amount_yuan": yuan(contracts.fen[paid] // 100),
    }
    office.csv("repayments.csv", rng, columns, "utf-8")


def _statement(office: Office, contracts: _Contracts) -> list[tuple[int, str]]:
    """What the custodian saw of the contracts; where it differs from the books is returned."""
    rng, count = office.chance("custodian_entries"), len(contracts.key)
    draw = np.where(contracts.dubious == 1, rng.random(count), 1.0)
    missing, other = draw < _MISSING, (draw >= _MISSING) & (draw < _MISSING + _OTHER_SUM)
    fen = np.where(other, contracts.fen // 2, contracts.fen)
    seen = np.flatnonzero(~missing)
    account = office.people.account_of[contracts.lender[seen]]
    at = contracts.at[seen] + rng.integers(0, 30 * MINUTE, len(seen))
    columns = {
        "流水号": [f"CG{serial:010d}" for serial in keys.distinct(rng, len(seen), 10).tolist()],
        "客户账号": picked(office.files.account_numbers, account),
        "合同编号": picked(contracts.key, seen),
        "交易类型": ["出借"] * len(seen),
        "金额": [f"{value / 100:,.2f}" for value in fen[seen].tolist()],
        "记账时间": local_times(at),
    }
    office.csv("custodian_entries.csv", rng, columns)
    breaks = [(int(of), "missing") for of in np.flatnonzero(missing)]
    return breaks + [(int(of), "other sum") for of in np.flatnonzero(other)]


def _truth(office: Office, register: Platforms, breaks: list[tuple[str, str]]) -> None:
    folder = office.out / "truth"
    folder.mkdir(exist_ok=True)
    known = [(key, int(one)) for key, one in zip(register.key, register.dubious, strict=True)]
    for name, head, rows in (
        ("platforms.csv", ("platform", "is_dubious"), known),
        ("breaks.csv", ("contract", "kind"), breaks),
    ):
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows([head, *rows])
