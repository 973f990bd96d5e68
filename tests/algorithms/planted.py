"""Towns with one ring each, and with what only looks like one."""

from __future__ import annotations

import random
from functools import cache
from itertools import combinations

from graphrisk_algorithms.graph import RiskGraph
from tests.algorithms.covert import plant_burner_cell, town_of_two_numbers
from tests.algorithms.platforms import (
    honest_lender,
    plant_fake_bids,
    plant_fundraising,
    plant_ponzi,
)
from tests.algorithms.towns import DAY, HOUR, START, Citizen, Town, ordinary_town
from tests.algorithms.volunteering import everyday_volunteers, plant_collusive_volunteers


def plant_scam_cell(town: Town, citizens: list[Citizen], seed: int = 5) -> set[int]:
    """Four callers on two handsets, three first-layer mules, three behind; its offenders."""
    rng = random.Random(seed)
    callers, mules, behind = ([town.citizen() for _ in range(count)] for count in (4, 3, 3))
    handsets = [town.node("Device"), town.node("Device")]
    for number, caller in enumerate(callers):
        town.edge("USES_DEVICE", caller.phone, handsets[number % 2])
        for _ in range(60):
            town.call(caller.phone, rng.choice(citizens).phone, _any_day(rng), 20)
    for number, victim in enumerate(rng.sample(citizens, 9)):
        at = _any_day(rng)
        mule = mules[number % 3]
        town.call(callers[number % 4].phone, victim.phone, at, 1800)
        town.pay(victim.account, mule.account, 60_000, at + HOUR // 2)
        for part, next_mule in enumerate(behind):
            town.pay(mule.account, next_mule.account, 19_500, at + HOUR + part * HOUR // 4)
    nodes = {caller.phone for caller in callers} | {caller.person for caller in callers}
    return nodes | {node for one in (*mules, *behind) for node in (one.account, one.person)}


def plant_cycle(town: Town, citizens: list[Citizen], length: int = 5, laps: int = 2) -> set[int]:
    """Money round a ring of citizens with a fee of 2 % at each hop; its accounts."""
    ring = citizens[1 : 1 + length]
    for lap in range(laps):
        at, yuan = START + (3 + 9 * lap) * DAY, 52_000.0
        for payer, payee in zip(ring, [*ring[1:], ring[0]], strict=True):
            town.pay(payer.account, payee.account, yuan, at)
            at, yuan = at + 3 * HOUR, yuan * 0.98
    return {citizen.account for citizen in ring}


def plant_scatter_gather(town: Town, citizens: list[Citizen], hours: float = 2.0) -> set[int]:
    """One account pays six, who pay another one within ``hours``, twice; passers and payee."""
    source, *passers, sink = citizens[50:58]
    for lap in range(2):
        for number, passer in enumerate(passers):
            at = START + (4 + 9 * lap) * DAY + 9 * HOUR + number * HOUR // 4
            town.pay(source.account, passer.account, 8_000 + 100 * number, at)
            town.pay(passer.account, sink.account, 7_850 + 98 * number, at + int(hours * HOUR))
    return {node for one in (*passers, sink) for node in (one.account, one.person)}


def plant_stack(town: Town, citizens: list[Citizen]) -> set[int]:
    """Three accounts each pay four others, who each pay both of two; the later layers."""
    layers = citizens[60:63], citizens[63:67], citizens[67:69]
    for number, payer in enumerate(layers[0]):
        for place, passer in enumerate(layers[1]):
            at = START + (5 + 5 * number) * DAY + (9 + place) * HOUR
            town.pay(payer.account, passer.account, 9_000, at)
            for part, sink in enumerate(layers[2]):
                town.pay(passer.account, sink.account, 4_400, at + HOUR + part * HOUR // 2)
    return {node for layer in layers[1:] for one in layer for node in (one.account, one.person)}


def plant_fan(town: Town, citizens: list[Citizen], *, into: bool = True) -> set[int]:
    """Seven strangers each pay one (or he pays them) within two hours, four times; all of them."""
    rng = random.Random(15)
    hub, *others = citizens[1:114:16]
    for day in (4, 8, 13, 17):
        for one in others:
            at = START + day * DAY + 10 * HOUR + rng.randrange(2 * HOUR)
            payer, payee = (one, hub) if into else (hub, one)
            town.pay(payer.account, payee.account, rng.randint(1_200, 2_600), at)
    return {node for one in (hub, *others) for node in (one.account, one.person)}


def plant_bipartite(town: Town, citizens: list[Citizen]) -> set[int]:
    """Four strangers each pay four others within two hours, three times."""
    rng = random.Random(16)
    left, right = citizens[3:52:16], citizens[67:116:16]
    for day in (6, 11, 15):
        for payer in left:
            for payee in right:
                at = START + day * DAY + 10 * HOUR + rng.randrange(2 * HOUR)
                town.pay(payer.account, payee.account, rng.randint(900, 1_600), at)
    return {node for one in (*left, *right) for node in (one.account, one.person)}


def plant_ladder(town: Town, citizens: list[Citizen], *, layers: int = 3) -> set[int]:
    """Ten people pay two mules, who pay three each; these pay two more, and so on; all mules."""
    rng = random.Random(20)
    rows = [[town.citizen() for _ in range(size)] for size in (2, 4, 3, 3)[: layers + 1]]
    for number, payer in enumerate(rng.sample(citizens, 10)):
        at, held = _any_day(rng), {rows[0][number % 2].account: 30_000.0}
        town.pay(payer.account, rows[0][number % 2].account, 30_000, at)
        for layer in rows[1:]:
            at, before, held = at + HOUR, held, {}
            for mule, yuan in before.items():
                for part in rng.sample(layer, 2):
                    town.pay(mule, part.account, 0.49 * yuan, at + rng.randrange(HOUR // 4))
                    held[part.account] = held.get(part.account, 0.0) + 0.49 * yuan
    return {node for row in rows for one in row for node in (one.account, one.person)}


def plant_identity_ring(town: Town) -> set[int]:
    """Five names one character apart in different cells on two devices; holders and devices."""
    cells = [nid for nid, (kind, _) in enumerate(town.kinds) if kind == "GridCell"]
    devices = [town.node("Device"), town.node("Device")]
    holders = set()
    for number, name in enumerate(("周杰明", "周洁明", "周杰名", "周介明", "周杰铭")):
        citizen = town.citizen(name, 1985, cells[number % len(cells)])
        town.edge("USES_DEVICE", citizen.phone, devices[number % 2])
        town.edge("USES_DEVICE", citizen.account, devices[(number + 1) % 2])
        holders.add(citizen.person)
    return holders | set(devices)


def ties_town(seed: int = 3) -> tuple[Town, set[int]]:
    """Sixty persons with ties at random and eight that know one another."""
    rng = random.Random(seed)
    town = Town()
    persons = [town.node("Person") for _ in range(68)]
    for _ in range(150):
        town.edge("ASSOCIATED_WITH", *rng.sample(persons[:60], 2))
    for pair in combinations(persons[60:], 2):
        town.edge("ASSOCIATED_WITH", *pair)
    town.edge("ASSOCIATED_WITH", persons[0], persons[60])
    return town, set(persons[60:])


def ledger_town(seed: int = 4) -> tuple[Town, set[int]]:
    """Accounts that pay at random for 90 days, and one that twelve others pay within two days."""
    rng = random.Random(seed)
    town = Town()
    accounts = [town.node("Account") for _ in range(200)]
    for _ in range(2_000):
        payer, payee = rng.sample(accounts, 2)
        town.pay(payer, payee, rng.randint(10, 900), START + rng.randrange(90 * DAY))
    payers = rng.sample(accounts[1:], 12)
    for payer in payers:
        moment = START + 30 * DAY + rng.randrange(2 * DAY)
        town.pay(payer, accounts[0], 980 + rng.randint(0, 15), moment)
    return town, {accounts[0], *payers}


@cache
def planted_towns() -> dict[str, RiskGraph]:
    """A graph for each family of finders."""
    city, citizens = ordinary_town(people=120)
    plant_scam_cell(city, citizens)
    plant_cycle(city, citizens)
    plant_scatter_gather(city, citizens)
    plant_identity_ring(city)
    fan, people = ordinary_town(people=120)
    plant_fan(fan, people)
    plant_ladder(fan, people)
    plant_ponzi(fan, people)
    market, people = ordinary_town(people=120)
    honest_lender(market, people)
    plant_fake_bids(market, people)
    plant_fundraising(market, people)
    circle, people = town_of_two_numbers()
    plant_burner_cell(circle, people)
    volunteers, people = ordinary_town(people=120)
    plant_collusive_volunteers(everyday_volunteers(volunteers, people[:60]), people[60:])
    return {
        "city": city.graph(),
        "market": market.graph(),
        "ledger": ledger_town()[0].graph(),
        "ties": ties_town()[0].graph(),
        "volunteers": volunteers.graph(),
        "circle": circle.graph(),
        "fan": fan.graph(),
    }


def _any_day(rng: random.Random) -> int:
    return START + rng.randrange(1, 25) * DAY + 10 * HOUR + rng.randrange(8 * HOUR)
