"""The city while it is made: growing tables of things, events and truth.

Things are numbered in order of creation; keys, files and rows get another, random order when the
city is written, so that neither tells who is planted.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from graphrisk_loaders.synth.parameters import Between, Sizes

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
NONE = -1
MISSING, WHOLE, OTHER_SUM = range(3)  # what the custodian saw of a contract


def stream(seed: int, part: str) -> np.random.Generator:
    """Random numbers of one part alone: a new part leaves all others as they are."""
    return np.random.default_rng([seed, zlib.crc32(part.encode())])


class Columns:
    """A table of int64 columns that grows by blocks."""

    def __init__(self, *names: str) -> None:
        self._names = names
        self._blocks: list[dict[str, IntArray]] = []
        self._rows = 0

    def __len__(self) -> int:
        return self._rows

    def add(self, **columns: IntArray | int) -> IntArray:
        """Append rows (single numbers are repeated); returns their numbers."""
        count = max(len(np.atleast_1d(column)) for column in columns.values())
        block = {
            name: np.broadcast_to(np.asarray(columns[name], np.int64), (count,))
            for name in self._names
        }
        self._blocks.append(block)
        self._rows += count
        return np.arange(self._rows - count, self._rows)

    def keep(self, rows: npt.NDArray[np.bool_]) -> None:
        """Forget all other rows; those that stay are numbered anew."""
        kept = {name: self.column(name)[rows] for name in self._names}
        self._blocks, self._rows = [kept], int(rows.sum())

    def column(self, name: str) -> IntArray:
        """One whole column."""
        blocks = [block[name] for block in self._blocks]
        return np.concatenate(blocks) if blocks else np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Ring:
    """A planted ring: members as (node kind, number, role, is offender)."""

    kind: str
    level: int
    started: int
    ended: int
    taken_fen: int
    members: tuple[tuple[str, int, str, bool], ...]
    shape: str = ""  # of a laundering flow; name of the network that a cell is like
    category: int = NONE  # of the frauds of a scam cell or a ladder

    def offenders(self, kind: str) -> list[int]:
        """Numbers of its offenders of a node kind."""
        return [number for of, number, _, offender in self.members if of == kind and offender]


@dataclass(frozen=True, slots=True)
class Decoy:
    """An honest group that looks like a ring: members as (node kind, number)."""

    kind: str
    members: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Market:
    """Firms, platforms and their books that rings and look-alikes run; registers add the others.

    ``owner`` of a firm stands behind its ``head``. People complain of a platform from ``trouble``
    on. ``rate`` of a bid is in basis points a year; ``booked`` says what the custodian saw of a
    contract: nothing, the whole sum, or another one.
    """

    firms: Columns = field(default_factory=lambda: Columns("head", "owner"))
    platforms: Columns = field(
        default_factory=lambda: Columns("firm", "dubious", "trouble", "poster")
    )
    bids: Columns = field(
        default_factory=lambda: Columns("platform", "person", "firm", "fen", "rate", "months", "at")
    )
    contracts: Columns = field(
        default_factory=lambda: Columns("bid", "lender", "fen", "at", "booked")
    )


@dataclass
class City:
    """Everything that is written in the end."""

    rng: np.random.Generator
    volunteer_rng: np.random.Generator  # of the volunteers' world alone
    review_rng: np.random.Generator  # of reviews alone
    start: int
    days: int
    sizes: Sizes
    sweeps: float  # payments in 30 days between the accounts of one holder
    names: list[str] = field(default_factory=list)
    look_alikes: list[IntArray] = field(default_factory=list)  # persons that one hand registered
    homes: int = 0  # households below this number live together; later ones were planted
    persons: Columns = field(default_factory=lambda: Columns("birth_year", "cell", "household"))
    phones: Columns = field(default_factory=lambda: Columns("owner", "opened", "device"))
    accounts: Columns = field(default_factory=lambda: Columns("holder", "opened", "device"))
    devices: int = 0
    calls: Columns = field(
        default_factory=lambda: Columns("src", "dst", "at", "seconds", "answered")
    )
    transfers: Columns = field(default_factory=lambda: Columns("src", "dst", "at", "fen"))
    elsewhere: IntArray = field(default_factory=lambda: np.empty(0, np.int64))  # accounts
    listed: Columns = field(default_factory=lambda: Columns("phone", "at", "category"))
    market: Market = field(default_factory=Market)
    #: Whom somebody names for emergencies; who is not here names somebody at home, or a friend.
    contacts: Columns = field(default_factory=lambda: Columns("person", "phone"))
    volunteers: Columns = field(default_factory=lambda: Columns("person", "joined", "inviter"))
    tasks: Columns = field(default_factory=lambda: Columns("cell", "at", "wanted", "points"))
    grabs: Columns = field(
        default_factory=lambda: Columns("volunteer", "task", "at", "finished", "photo")
    )
    photos: int = 0
    reviews: Columns = field(
        default_factory=lambda: Columns("person", "shop", "at", "stars", "chars")
    )
    rings: list[Ring] = field(default_factory=list)
    decoys: list[Decoy] = field(default_factory=list)

    @property
    def end(self) -> int:
        """End of the observed time, exclusive."""
        return self.start + self.days * DAY

    def offenders(self) -> set[int]:
        """Numbers of the persons who are offenders of some ring."""
        return {one for ring in self.rings for one in ring.offenders("Person")}

    def drawn(self, size: Between) -> int:
        """How many, of a size from the least to the most."""
        return int(self.rng.integers(size[0], size[1] + 1))

    def new_devices(self, count: int) -> IntArray:
        """Numbers of new handsets."""
        self.devices += count
        return np.arange(self.devices - count, self.devices)

    def opened(self, count: int) -> IntArray:
        """When numbers and accounts were opened: within nine years, later ones likelier."""
        years = 9 * np.sqrt(self.rng.random(count))
        return self.start - ((9 - years) * 365 * DAY).astype(np.int64) - DAY

    def honest(self, kind: str, **nodes: IntArray) -> None:
        """Note a hard negative: its members' numbers by node kind."""
        members = [(of, int(one)) for of, numbers in nodes.items() for one in numbers]
        self.decoys.append(Decoy(kind, tuple(members)))

    def moments(self, count: int, rng: np.random.Generator | None = None) -> IntArray:
        """Times of everyday life: any day, mostly between breakfast and bedtime."""
        rng = rng or self.rng
        day = rng.integers(0, self.days, count)
        hour = rng.choice(24, count, p=_HOURS)
        return self.start + day * DAY + hour * HOUR + rng.integers(0, HOUR, count)


_HOURS = np.array(
    [1, 1, 1, 1, 1, 2, 6, 14, 22, 26, 27, 26, 25, 20, 20, 22, 24, 27, 30, 30, 27, 20, 10, 3]
)
_HOURS = _HOURS / _HOURS.sum()
