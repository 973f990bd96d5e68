"""Platforms built by hand: their books, their tills, and what the custodian saw."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.algorithms.towns import DAY, HOUR, START, YUAN, Citizen, Town


@dataclass
class Lending:
    """A platform with its firm and head; ``lend`` writes a contract and pays it into the till."""

    town: Town
    platform: int = field(init=False)
    firm: int = field(init=False)
    head: Citizen = field(init=False)

    def __post_init__(self) -> None:
        self.platform, self.firm = self.town.node("Platform"), self.town.node("Company")
        self.head = self.town.citizen()
        self.town.edge("OPERATES", self.firm, self.platform)
        self.town.edge("LEGAL_REP_OF", self.head.person, self.firm)

    def bid(self, borrower: int) -> int:
        """A bid for the person or firm."""
        bid = self.town.node("Bid")
        self.town.edge("BORROWED", borrower, bid)
        self.town.edge("PART_OF", bid, self.platform)
        return bid

    def lend(self, bid: int, lender: Citizen, yuan: int, at: int, *, booked: bool) -> None:
        contract = self.town.node("Contract", signed_at=at)
        self.town.edge("PART_OF", contract, bid)
        self.town.edge("INVESTS_IN", lender.person, contract, amount=yuan * YUAN)
        self.town.pay(lender.account, self.head.account, yuan, at + HOUR)
        if booked:
            self.town.edge("SETTLED", lender.account, contract, at=at, amount=yuan * YUAN)


def honest_lender(town: Town, citizens: list[Citizen], seed: int = 8) -> Lending:
    """Borrowers of the town who pay the interest that lenders get; the custodian sees it all."""
    rng = random.Random(seed)
    lending = Lending(town)
    for borrower in rng.sample(citizens, 12):
        bid = lending.bid(borrower.person)
        at = START + rng.randrange(1, 12) * DAY
        lenders = rng.sample(citizens, 5)
        for lender in lenders:
            lending.lend(bid, lender, 100 * rng.randint(5, 40), at, booked=True)
        town.pay(lending.head.account, borrower.account, 9_000, at + DAY)
        town.pay(borrower.account, lending.head.account, 100, at + 10 * DAY)
        for lender in lenders:
            town.pay(lending.head.account, lender.account, 19, at + 10 * DAY + HOUR)
    return lending


def plant_fake_bids(
    town: Town, citizens: list[Citizen], *, booked: bool = False, at_home: bool = False
) -> set[int]:
    """Six invented borrowers on one handset, or at one address, whose loans go to the head."""
    rng = random.Random(9)
    lending = Lending(town)
    head, shared = lending.head, town.node("Address" if at_home else "Device")
    found = {lending.platform, lending.firm, head.person, head.account}
    for _ in range(6):
        borrower = town.citizen()
        town.edge("USES_DEVICE", borrower.phone, town.node("Device") if at_home else shared)
        if at_home:
            town.edge("RESIDES_AT", borrower.person, shared)
        bid = lending.bid(borrower.person)
        at = START + rng.randrange(1, 20) * DAY
        for lender in rng.sample(citizens, 4):
            lending.lend(bid, lender, 100 * rng.randint(5, 40), at, booked=booked)
        town.pay(head.account, borrower.account, 7_000, at + DAY)
        town.pay(borrower.account, head.account, 6_800, at + DAY + 5 * HOUR)
        found |= {bid, borrower.person, borrower.phone, borrower.account}
    return found if at_home else found | {shared}


def plant_fundraising(
    town: Town, citizens: list[Citizen], *, booked: bool = False, back: float = 1.01
) -> set[int]:
    """Forty investors in waves, paid back after five days from what the next wave brings."""
    rng = random.Random(10)
    lending = Lending(town)
    bid, till = lending.bid(lending.firm), lending.head.account
    found = {lending.platform, lending.firm, lending.head.person, till}
    promoters = [town.citizen() for _ in range(5)]
    for number, investor in enumerate(rng.sample(citizens, 40)):
        at = START + (1 + number // 2) * DAY + rng.randrange(8 * HOUR)
        promoter, yuan = promoters[number % 5], 1_000 + 100 * number
        town.call(promoter.phone, investor.phone, at - 3 * HOUR, 400)
        lending.lend(bid, investor, yuan, at, booked=booked or number < 20)
        if number < 30:
            town.pay(till, investor.account, yuan * back, at + 5 * DAY)
        town.pay(till, promoter.account, yuan * 0.04, at + 20 * HOUR)
    return found | {node for one in promoters for node in (one.person, one.account)}


def plant_ponzi(
    town: Town,
    citizens: list[Citizen],
    *,
    until: int = 20,
    rate: float = 1.03,
    keeps: bool = False,
    flees: bool = True,
    on_books: bool = False,
) -> tuple[Citizen, set[int]]:
    """Three a day pay in until a day; each is paid back after four, and the head takes the rest."""
    rng = random.Random(31)
    lending = Lending(town) if on_books else None
    head, purse = lending.head if lending else town.citizen(), town.citizen()
    bid = lending.bid(head.person) if lending else 0
    investors, left = rng.sample(citizens, 90), 0.0
    for number, one in enumerate(investors[: 3 * until]):
        at, yuan = START + (1 + number // 3) * DAY + rng.randrange(8 * HOUR), rng.randint(10, 90)
        if lending:
            lending.lend(bid, one, 100 * yuan, at, booked=False)
        else:
            town.pay(one.account, head.account, 100 * yuan, at)
        left += 100 * yuan
        if keeps or number < 3 * (until - 6):
            back = rate if rate else rng.uniform(0.2, 1.2)
            town.pay(head.account, one.account, 100 * yuan * back, at + 4 * DAY)
            left -= 100 * yuan * back
    if flees and left > 1:
        town.pay(head.account, purse.account, left - 1, START + (until + 2) * DAY)
    paid_in = investors[: 3 * until]
    return head, {node for one in paid_in for node in (one.person, one.account)}
