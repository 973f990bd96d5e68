"""The finance office's register of platforms.

Every other ordinary platform is dubious, and so are those of rings. ``truth/platforms.csv`` tells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_loaders.synth import keys
from graphrisk_loaders.synth.formats import local_times
from graphrisk_loaders.synth.model import DAY, NONE, IntArray
from graphrisk_loaders.synth.registers.firms import financial, firms_of
from graphrisk_loaders.synth.registers.office import Office

_PEOPLE_A_PLATFORM = 1500
_TRADES = ("网络借贷", "财富管理", "众筹")
LENDING = 0  # place in ``_TRADES``


@dataclass(frozen=True, slots=True)
class Platforms:
    """One row a platform."""

    key: list[str]
    name: list[str]
    trade: IntArray
    dubious: list[bool]
    operator: list[str]
    trouble: IntArray  # since when people complain
    poster: IntArray  # number of the phone on its posters, ``NONE`` for any
    planted: IntArray  # row of each platform of the city's market


def platforms_of(office: Office) -> Platforms:
    """The platforms of the city, the same every time they are asked for."""
    rng, firms, city = office.chance("platforms"), firms_of(office), office.city
    market, own = city.market.platforms, len(city.market.platforms)
    ordinary = np.arange(max(len(city.persons) // _PEOPLE_A_PLATFORM, 4))
    operator = np.concatenate(
        [
            rng.choice(financial(firms), len(ordinary)),
            firms.planted[market.column("firm")],
        ]
    )
    columns = (
        np.concatenate([ordinary // 2 % len(_TRADES), np.full(own, LENDING)]),
        np.concatenate([ordinary % 2, market.column("dubious")]),
        operator,
        np.concatenate([np.full(len(ordinary), city.start), market.column("trouble")]),
        np.concatenate([np.full(len(ordinary), NONE), market.column("poster")]),
    )
    order = rng.permutation(len(operator))
    trade, dubious, operator, trouble, poster = (column[order] for column in columns)
    ends = rng.choice(["贷", "宝"], len(order)).tolist()
    return Platforms(
        [f"PT{serial:06d}" for serial in keys.distinct(rng, len(order), 6).tolist()],
        [f"{firms.name[of][2:4]}{ends[i]}{i + 1}" for i, of in enumerate(operator.tolist())],
        trade,
        (dubious == 1).tolist(),
        [firms.code[of] for of in operator.tolist()],
        trouble,
        poster,
        np.argsort(order)[len(ordinary) :],
    )


def platforms(office: Office) -> None:
    """Write the register and its truth."""
    register = platforms_of(office)
    _register(office, register)
    rows = [(key, int(one)) for key, one in zip(register.key, register.dubious, strict=True)]
    office.truth("platforms.csv", ("platform", "is_dubious"), rows)


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
            "custody_account": accounts[place] if trade == LENDING else None,
            "status": "正常运营",
            "started_on": started[place][:10],
        }
        for place, trade in enumerate(register.trade.tolist())
    ]
    office.json_lines("platforms.jsonl", rows)
