"""The lending platforms' books and the custodian's: who lends what to whom, told twice.

Some of a dubious platform's contracts never reached the custodian, or with another sum;
``truth/breaks.csv`` tells which.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graphrisk_loaders.synth import keys
from graphrisk_loaders.synth.formats import local_times, yuan
from graphrisk_loaders.synth.model import (
    DAY,
    HOUR,
    MINUTE,
    MISSING,
    NONE,
    OTHER_SUM,
    WHOLE,
    FloatArray,
    IntArray,
)
from graphrisk_loaders.synth.registers.firms import firms_of
from graphrisk_loaders.synth.registers.office import Office, picked
from graphrisk_loaders.synth.registers.platforms import LENDING, platforms_of

_BIDS = 15  # of a lending platform that is no ring's
_LENDERS = 6  # of a bid, on average
_UNSEEN, _OTHER = 0.06, 0.04  # shares of a dubious platform's contracts
_RATES = {0: (0.06, 0.11), 1: (0.14, 0.24)}  # by whether the platform is dubious
_BREAKS = {MISSING: "missing", OTHER_SUM: "other sum"}


@dataclass(frozen=True, slots=True)
class Bids:
    """One row a bid; the borrower is a person or a firm."""

    key: list[str]
    platform: IntArray
    person: IntArray
    firm: IntArray
    fen: IntArray
    rate: FloatArray
    months: IntArray
    at: IntArray


@dataclass(frozen=True, slots=True)
class _Contracts:
    """One row a contract."""

    key: list[str]
    bid: IntArray
    lender: IntArray
    fen: IntArray
    at: IntArray
    booked: IntArray


def lending(office: Office) -> None:
    """Write bids, contracts, repayments and the custodian's statement, and the truth."""
    bids = bids_of(office)
    _write_bids(office, bids)
    contracts = _contracts(office, bids)
    _write_contracts(office, bids, contracts)
    _repayments(office, bids, contracts)
    _statement(office, contracts)
    breaks = [
        (contracts.key[of], _BREAKS[booked])
        for of, booked in enumerate(contracts.booked.tolist())
        if booked != WHOLE
    ]
    office.truth("breaks.csv", ("contract", "kind"), breaks)


def bids_of(office: Office) -> Bids:
    """The bids, those of the city's market last; the same every time they are asked for."""
    rng, firms, register = office.chance("bids"), firms_of(office), platforms_of(office)
    own, city = office.city.market.bids, office.city
    lending = np.flatnonzero(register.trade == LENDING)
    platform = np.repeat(np.setdiff1d(lending, register.planted), _BIDS)
    count = len(platform)
    private = rng.random(count) < 0.7
    low, high = np.array([_RATES[int(one)] for one in register.dubious]).reshape(-1, 2)[platform].T
    of_market = own.column("firm")
    columns = (
        (platform, register.planted[own.column("platform")]),
        (np.where(private, rng.choice(office.people.adults, count), NONE), own.column("person")),
        (
            np.where(private, NONE, rng.integers(0, len(firms.code), count)),
            np.where(of_market == NONE, NONE, np.append(firms.planted, NONE)[of_market]),
        ),
        (rng.integers(2, 100, count) * 10_000 * 100, own.column("fen")),
        (np.round(rng.uniform(low, high), 3), own.column("rate") / 10_000),
        (rng.choice([3, 6, 12, 24], count), own.column("months")),
        (office.moments(rng, count), np.minimum(own.column("at"), city.end - 1)),
    )
    serials = keys.distinct(rng, count + len(own), 8).tolist()
    return Bids([f"BD{one:08d}" for one in serials], *(np.concatenate(pair) for pair in columns))


def _write_bids(office: Office, bids: Bids) -> None:
    rng, firms, register = office.chance("bids.jsonl"), firms_of(office), platforms_of(office)
    person = picked(office.files.person_ids, bids.person)
    company = picked(firms.code, bids.firm)
    amount, opened = yuan(bids.fen), local_times(bids.at)
    rows = [
        {
            "bid": bids.key[place],
            "platform": register.key[bids.platform[place]],
            "title": "个人消费借款" if person[place] else "企业流动资金借款",
            "person": person[place] or None,
            "company": company[place] or None,
            "amount_yuan": amount[place],
            "rate": float(bids.rate[place]),
            "months": int(bids.months[place]),
            "opened_at": opened[place],
        }
        for place in rng.permutation(len(bids.key)).tolist()
    ]
    office.json_lines("bids.jsonl", rows)


def _contracts(office: Office, bids: Bids) -> _Contracts:
    """Those of ordinary bids, drawn, and those of the market that were signed until now."""
    rng, city, register = office.chance("contracts"), office.city, platforms_of(office)
    own = city.market.contracts
    ordinary = len(bids.key) - len(city.market.bids)
    bid = np.repeat(np.arange(ordinary), rng.poisson(_LENDERS, ordinary) + 1)
    count = len(bid)
    lenders = office.people.adults[office.people.account_of[office.people.adults] >= 0]
    draw = np.where(np.array(register.dubious)[bids.platform[bid]], rng.random(count), 1.0)
    booked = np.select([draw < _UNSEEN, draw < _UNSEEN + _OTHER], [MISSING, OTHER_SUM], WHOLE)
    signed = own.column("at") < city.end
    pairs = (
        (bid, ordinary + own.column("bid")[signed]),
        (rng.choice(lenders, count), own.column("lender")[signed]),
        (rng.integers(1, 60, count) * 1000 * 100, own.column("fen")[signed]),
        (np.minimum(office.moments(rng, count), city.end - DAY), own.column("at")[signed]),
        (booked, own.column("booked")[signed]),
    )
    columns = [np.concatenate(pair) for pair in pairs]
    serials = keys.distinct(rng, len(columns[0]), 10).tolist()
    return _Contracts([f"HT{serial:010d}" for serial in serials], *columns)


def _write_contracts(office: Office, bids: Bids, contracts: _Contracts) -> None:
    rng, count = office.chance("contracts.parquet"), len(contracts.key)
    decimals = [pa.scalar(text).cast(pa.decimal128(14, 2)).as_py() for text in yuan(contracts.fen)]
    columns = {
        "contract": pa.array(contracts.key),
        "bid": pa.array(picked(bids.key, contracts.bid)),
        "lender": pa.array(picked(office.files.person_ids, contracts.lender)),
        "amount": pa.array(decimals, pa.decimal128(14, 2)),
        "signed_at": pa.array(contracts.at).cast(pa.timestamp("ms", tz="UTC")),
    }
    office.parquet("contracts.parquet", pa.table(columns).take(rng.permutation(count)))


def _repayments(office: Office, bids: Bids, contracts: _Contracts) -> None:
    """Interest of the first month, where the month has passed."""
    rng = office.chance("repayments")
    due = contracts.at + 10 * DAY + rng.integers(0, 8 * HOUR, len(contracts.at))
    paid = np.flatnonzero(due < office.city.end)
    serials = keys.distinct(rng, len(paid), 10).tolist()
    columns = {
        "serial": [f"HK{serial:010d}" for serial in serials],
        "bid": picked(bids.key, contracts.bid[paid]),
        "contract": picked(contracts.key, paid),
        "paid_at": local_times(due[paid]),
        "amount_yuan": yuan(contracts.fen[paid] // 100),
    }
    office.csv("repayments.csv", rng, columns, "utf-8")


def _statement(office: Office, contracts: _Contracts) -> None:
    """What the custodian saw of the contracts."""
    rng = office.chance("custodian_entries")
    fen = np.where(contracts.booked == OTHER_SUM, contracts.fen // 2, contracts.fen)
    seen = np.flatnonzero(contracts.booked != MISSING)
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
