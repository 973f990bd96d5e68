"""Small towns built by hand, for finders: people with phones, accounts, calls and transfers."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphrisk_algorithms.graph import EdgeColumns, Int64Array, RiskGraph

HOUR = 3_600_000
DAY = 24 * HOUR
START = 1_456_761_600_000  # 2016-03-01 00:00 in Shanghai
YUAN = 100
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建文辉玲斌宇"


@dataclass(frozen=True)
class Citizen:
    """A person with one phone and one account."""

    person: int
    phone: int
    account: int


@dataclass
class Town:
    """Collects nodes and edges; ``graph`` numbers the edges in order of addition."""

    kinds: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    edges: dict[str, list[tuple[int, int, int, dict[str, int]]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    pairs: dict[tuple[int, int], list[tuple[int, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    eids: int = 0

    def node(self, kind: str, **properties: object) -> int:
        self.kinds.append((kind, properties))
        return len(self.kinds) - 1

    def edge(self, kind: str, src: int, dst: int, **columns: int) -> int:
        self.edges[kind].append((self.eids, src, dst, columns))
        self.eids += 1
        return self.eids - 1

    def citizen(self, name: str = "", born: int = 1980, cell: int | None = None) -> Citizen:
        person = self.node("Person", name=name or None, birth_year=born)
        phone = self.node("Phone")
        account = self.node("Account")
        self.edge("OWNS_PHONE", person, phone)
        self.edge("HOLDS", person, account)
        if cell is not None:
            self.edge("LIVES_IN", person, cell)
        return Citizen(person, phone, account)

    def pay(self, src: int, dst: int, yuan: float, at: int) -> int:
        return self.edge("TRANSFERRED", src, dst, at=at, amount=round(yuan * YUAN))

    def call(self, src: int, dst: int, at: int, seconds: int = 60) -> None:
        self.pairs[src, dst].append((at, seconds))

    def graph(self) -> RiskGraph:
        for (src, dst), calls in self.pairs.items():
            times = [at for at, _ in calls]
            columns = {
                "count": len(calls),
                "seconds": sum(seconds for _, seconds in calls),
                "first": min(times),
                "last": max(times),
                "days": len({at // DAY for at in times}),
            }
            self.edge("CALLED", src, dst, **columns)
        self.pairs.clear()
        return RiskGraph(
            n=len(self.kinds),
            nodes={kind: self._table(kind) for kind in sorted({kind for kind, _ in self.kinds})},
            edges={kind: _columns(rows) for kind, rows in sorted(self.edges.items())},
        )

    def _table(self, kind: str) -> pa.Table:
        nids = [nid for nid, (of, _) in enumerate(self.kinds) if of == kind]
        types = _PROPERTIES.get(kind, {})
        columns: dict[str, pa.Array[Any]] = {
            "nid": pa.array(nids, pa.int64()),
            "key": pa.array([f"{kind}{nid}" for nid in nids], pa.string()),
        }
        for name, of in types.items():
            columns[name] = pa.array([self.kinds[nid][1].get(name) for nid in nids], of)
        return pa.table(columns)


_PROPERTIES: dict[str, dict[str, pa.DataType]] = {
    "Person": {"name": pa.string(), "birth_year": pa.int64()},
    "Phone": {
        "opened_at": pa.int64(),
        "scam_category": pa.string(),
        "scam_listed_at": pa.int64(),
    },
    "Contract": {"signed_at": pa.int64()},
    "Task": {"published_at": pa.int64()},
    "Account": {"bank": pa.string(), "opened_at": pa.int64(), "balance": pa.int64()},
}


def _columns(rows: list[tuple[int, int, int, dict[str, int]]]) -> EdgeColumns:
    names = rows[0][3].keys()

    def column(values: list[int]) -> Int64Array:
        return np.array(values, np.int64)

    return EdgeColumns(
        eid=column([row[0] for row in rows]),
        src=column([row[1] for row in rows]),
        dst=column([row[2] for row in rows]),
        columns={name: column([row[3][name] for row in rows]) for name in names},
    )


def ordinary_town(people: int = 300, days: int = 30, seed: int = 1) -> tuple[Town, list[Citizen]]:
    """Everyday life: households of up to four with a cell each, friends, shops, wages.

    Nobody in it is up to anything, so a finder should find nothing.
    """
    rng = random.Random(seed)
    town = Town()
    citizens: list[Citizen] = []
    cells = [town.node("GridCell") for _ in range(max(people // 40, 1))]
    while len(citizens) < people:
        surname, cell = rng.choice(_SURNAMES), rng.choice(cells)
        household = [_citizen(town, rng, surname, cell) for _ in range(rng.randint(1, 4))]
        _life_at_home(town, rng, household, days)
        citizens += household
    shops = citizens[:: max(people // 20, 1)]
    for citizen in citizens:
        _month(town, rng, citizen, shops, days)
        friends = rng.sample(citizens, 5)
        for day in range(days):
            _day(town, rng, citizen, friends, shops, START + day * DAY)
    return town, citizens


def _citizen(town: Town, rng: random.Random, surname: str, cell: int) -> Citizen:
    given = "".join(rng.choice(_GIVEN) for _ in range(rng.choice((1, 2, 2))))
    citizen = town.citizen(surname + given, rng.randint(1940, 2000), cell)
    device = town.node("Device")
    town.edge("USES_DEVICE", citizen.phone, device)
    town.edge("USES_DEVICE", citizen.account, device)
    return citizen


def _life_at_home(town: Town, rng: random.Random, household: list[Citizen], days: int) -> None:
    for left in household:
        for right in household:
            if left is not right:
                for _ in range(days // 3):
                    at = START + rng.randrange(days * DAY)
                    town.call(left.phone, right.phone, at, rng.randint(10, 300))


def _month(
    town: Town, rng: random.Random, citizen: Citizen, shops: list[Citizen], days: int
) -> None:
    """Wages from an employer on a fixed day, rent to a landlord some days later."""
    employer, landlord = rng.sample(shops, 2)
    wage, hour = rng.randint(4_000, 30_000), 9 * HOUR + rng.randrange(8 * HOUR)
    for payday in range(4, days, 30):
        if citizen not in (employer, landlord):
            town.pay(employer.account, citizen.account, wage, START + payday * DAY + hour)
            rent_day = payday + rng.randint(1, 20)
            town.pay(citizen.account, landlord.account, wage // 4, START + rent_day * DAY + hour)


def _day(
    town: Town,
    rng: random.Random,
    citizen: Citizen,
    friends: list[Citizen],
    shops: list[Citizen],
    midnight: int,
) -> None:
    def moment() -> int:
        return midnight + 8 * HOUR + rng.randrange(14 * HOUR)

    for _ in range(rng.randint(0, 3)):
        shop = rng.choice(shops)
        if shop is not citizen:
            town.pay(citizen.account, shop.account, rng.randint(5, 300), moment())
    for friend in friends:
        if friend is citizen:
            continue
        if rng.random() < 0.15:
            town.call(citizen.phone, friend.phone, moment(), rng.randint(5, 600))
            if rng.random() < 0.6:
                town.call(friend.phone, citizen.phone, moment(), rng.randint(5, 600))
        if rng.random() < 0.03:
            town.pay(citizen.account, friend.account, rng.choice((50, 88, 100, 200, 500)), moment())


def column_of(rows: npt.ArrayLike) -> Int64Array:
    """``rows`` as int64."""
    return np.asarray(rows, np.int64)


def resolved(graph: RiskGraph, same_as: Int64Array) -> RiskGraph:
    """The graph in which records of one person are one node."""
    person = graph.nodes["Person"]
    nids = person.column("nid").to_numpy()
    nodes = {**graph.nodes, "Person": person.filter(pa.array(same_as[nids] == nids))}
    edges = {
        kind: EdgeColumns(old.eid, same_as[old.src], same_as[old.dst], old.columns)
        for kind, old in graph.edges.items()
    }
    return RiskGraph(graph.n, nodes, edges, same_as)
