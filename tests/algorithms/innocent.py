"""What only looks like a ring: added to a town, none of it may be found."""

from __future__ import annotations

import random

from tests.algorithms.towns import DAY, HOUR, START, Citizen, Town


def payroll(town: Town, citizens: list[Citizen], seed: int = 1) -> None:
    """A client pays a firm, which pays its staff of thirty within hours, three times."""
    rng = random.Random(seed)
    firm, client = town.citizen(), town.citizen()
    staff = rng.sample(citizens, 30)
    for day in (3, 13, 23):
        at = START + day * DAY + 9 * HOUR
        town.pay(client.account, firm.account, 200_000, at)
        for number, one in enumerate(staff):
            town.pay(firm.account, one.account, 6_500, at + 2 * HOUR + number * 1_000)


def courier(town: Town, citizens: list[Citizen], seed: int = 2) -> None:
    """Two couriers who ring a stranger at every delivery, with one in three calling back."""
    rng = random.Random(seed)
    for _ in range(2):
        rider = town.citizen()
        for day in range(28):
            for customer in rng.sample(citizens, 8):
                at = START + day * DAY + 10 * HOUR + rng.randrange(8 * HOUR)
                town.call(rider.phone, customer.phone, at, rng.randint(5, 40))
                if rng.random() < 1 / 3:
                    town.call(customer.phone, rider.phone, at + HOUR // 4, 20)


def savings_club(town: Town, citizens: list[Citizen], every: int = 4) -> None:
    """Six friends who every few days all pay the same sum to the next of them."""
    club = citizens[20:26]
    for turn, host in enumerate(club):
        for number, member in enumerate(club):
            if member is not host:
                at = START + (2 + every * turn) * DAY + 18 * HOUR + number * 60_000
                town.pay(member.account, host.account, 30_000, at)


def family(town: Town, size: int = 4) -> None:
    """A household in one cell that shares a tablet; the children have names of one pattern."""
    cell = next(nid for nid, (kind, _) in enumerate(town.kinds) if kind == "GridCell")
    tablet = town.node("Device")
    names = ("赵国强", "钱秀英", "赵小宇", "赵小轩", "赵大海")
    for name, born in list(zip(names, (1975, 1977, 2003, 2006, 1950), strict=True))[:size]:
        member = town.citizen(name, born, cell)
        town.edge("USES_DEVICE", member.phone, tablet)


def courier_firm(town: Town, seed: int = 6) -> None:
    """Twenty-five riders from all over town who hand in their rounds on the firm's one handset."""
    rng = random.Random(seed)
    cells = [nid for nid, (kind, _) in enumerate(town.kinds) if kind == "GridCell"]
    handset = town.node("Device")
    for number in range(25):
        name = "".join(rng.choice("冯陈褚卫蒋沈韩杨朱秦尤许何吕施张") for _ in range(3))
        rider = town.citizen(name, 1970 + number, rng.choice(cells))
        town.edge("USES_DEVICE", rider.phone, handset)


def market_stall(town: Town, citizens: list[Citizen], seed: int = 7) -> None:
    """Takings of the day by noon, paid to the wholesaler in the afternoon, every day."""
    rng = random.Random(seed)
    stall, wholesaler = town.citizen(), town.citizen()
    for day in range(28):
        takings = [rng.randint(20, 120) for _ in range(15)]
        noon = START + day * DAY + 12 * HOUR
        for yuan, customer in zip(takings, rng.sample(citizens, 15), strict=True):
            town.pay(customer.account, stall.account, yuan, noon - rng.randrange(4 * HOUR))
        town.pay(stall.account, wholesaler.account, sum(takings) * 0.95, noon + HOUR)


def treasury(town: Town, citizens: list[Citizen]) -> None:
    """One owner's five business accounts: every few days the same sum goes round among them."""
    owner = citizens[30]
    accounts = [town.node("Account") for _ in range(5)]
    for account in accounts:
        town.edge("HOLDS", owner.person, account)
    for day in range(2, 26, 4):
        for number, account in enumerate(accounts):
            at = START + day * DAY + (10 + number) * HOUR
            town.pay(account, accounts[(number + 1) % 5], 40_000, at)


def red_packets(town: Town, citizens: list[Citizen]) -> None:
    """Six friends who pass a lucky sum of some yuan round on one evening, three times."""
    circle = citizens[40:46]
    for lap in range(3):
        for number, one in enumerate(circle):
            at = START + 14 * DAY + (19 + lap) * HOUR + number * HOUR // 10
            town.pay(one.account, circle[(number + 1) % 6].account, 8.8, at)


def seasonal_workers(town: Town, citizens: list[Citizen]) -> None:
    """Ten workers from afar: every week one firm's wages, sent home at once, each to his own."""
    firm = citizens[70]
    workers, homes = ([town.citizen() for _ in range(10)] for _ in range(2))
    for week in range(1, 4):
        at = START + week * 7 * DAY + 18 * HOUR
        for number, (worker, home) in enumerate(zip(workers, homes, strict=True)):
            town.pay(firm.account, worker.account, 9_000, at)
            town.pay(worker.account, home.account, 8_800, at + HOUR + number * HOUR // 4)


def wedding(town: Town, citizens: list[Citizen]) -> None:
    """Thirty guests give large gifts, from which the hall is paid at night."""
    couple, hall = citizens[71], citizens[72]
    day = START + 12 * DAY
    for number, guest in enumerate(citizens[80:110]):
        town.pay(guest.account, couple.account, 6_000, day + 10 * HOUR + number * HOUR // 4)
    town.pay(couple.account, hall.account, 170_000, day + 21 * HOUR)


def day_labour(town: Town, *, days: tuple[int, ...] = (2, 9, 16, 23)) -> None:
    """A firm pays ten day labourers by what they did, on Saturdays (or on other ``days``)."""
    rng = random.Random(17)
    firm, *hands = (town.citizen() for _ in range(11))
    for day in days:
        for one in hands:
            at = START + day * DAY + 18 * HOUR + rng.randrange(HOUR)
            town.pay(firm.account, one.account, rng.randint(1_000, 1_500), at)


def piece_work(town: Town, *, calls: bool = True) -> None:
    """Eight home workers are paid by who brings the work, whenever it is done; they talk."""
    rng = random.Random(18)
    agent, *workers = (town.citizen() for _ in range(9))
    for day in (3, 8, 14, 19):
        for one in workers:
            at = START + day * DAY + 12 * HOUR + rng.randrange(3 * HOUR)
            town.pay(agent.account, one.account, rng.randint(800, 1_900), at)
            if calls:
                town.call(agent.phone, one.phone, at - DAY, 90)


def group_buy(town: Town, *, priced: bool = True) -> None:
    """Twelve neighbours pay the leader the price of a crate, or of two, on irregular evenings."""
    rng = random.Random(19)
    leader, *buyers = (town.citizen() for _ in range(13))
    for day in (4, 9, 13, 20):
        price = rng.randint(300, 400)
        for one in buyers:
            at = START + day * DAY + 19 * HOUR + rng.randrange(2 * HOUR)
            yuan = price * rng.randint(1, 2) if priced else rng.randint(300, 800)
            town.pay(one.account, leader.account, yuan, at)
