"""A town with one small ring, its truth, and a finding that tells the ring."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.analysis.model import Finding, Member
from graphrisk.store.contract import Reader, Store
from tests.algorithms.towns import DAY, HOUR, START, Citizen, Town
from tests.analysis.samples import finding
from tests.analysis.stores import fill

PEOPLE = 20
#: The ring begins two days before its first victim pays.
BEGAN = START + DAY
PAID = (START + 3 * DAY, START + 9 * DAY)


@dataclass(frozen=True)
class Robbery:
    """Two victims pay 1,000 and 3,000 yuan; the first mule passes 90 % on, the second 80 %."""

    reader: Reader
    mules: tuple[Citizen, Citizen]
    victims: tuple[Citizen, Citizen]
    others: tuple[Citizen, ...]

    def nid(self, kind: str, of: int) -> int:
        """Number in the store of a node of the town."""
        return int(self.reader.lookup(kind, [f"{kind}{of}"])[0])

    def truth(self, folder: Path, level: str = "2") -> Path:
        """The folder that says so, with one look-alike: two strangers."""
        folder.mkdir(exist_ok=True)
        rows = [(one, "mule", 1) for one in self.mules] + [(v, "victim", 0) for v in self.victims]
        members = [
            f"R1,{kind},{kind}{nid},{role},{guilty}"
            for one, role, guilty in rows
            for kind, nid in (("Person", one.person), ("Account", one.account))
        ]
        decoys = [f"G1,family,Person,Person{one.person}" for one in self.others[:2]]
        ring = f"R1,mule_ladder,{level},{BEGAN},{BEGAN + 20 * DAY}"
        for name, head, lines in (
            ("rings", "ring_id,kind,level,started,ended", [ring]),
            ("members", "ring_id,node_kind,key,role,is_offender", members),
            ("hard_negatives", "group_id,kind,node_kind,key", decoys),
        ):
            (folder / f"{name}.csv").write_text("\n".join([head, *lines, ""]))
        return folder

    def found(self, score: float = 0.8) -> Finding:
        """The finding: mules suspected, the first victim a victim; evidence is all among them."""
        mules, victim = self.mules, self.victims[0]
        members = [Member(self.nid("Account", one.account), "Account", "mule") for one in mules]
        members += [Member(self.nid("Person", one.person), "Person", "mule") for one in mules]
        members.append(Member(self.nid("Account", victim.account), "Account", "victim"))
        return replace(
            finding("ring_1", score),
            members=tuple(sorted(members, key=lambda one: (one.kind, one.nid))),
            evidence=tuple(self._among({member.nid for member in members})),
        )

    def _among(self, nids: set[int]) -> list[int]:
        return sorted(
            row["eid"]
            for kind in ("TRANSFERRED", "HOLDS")
            for batch in self.reader.export_edges(kind, 0, self.reader.version())
            for row in batch.to_pylist()
            if row["src"] in nids and row["dst"] in nids
        )


def robbery(store: Store) -> Robbery:
    """The town, put into an empty store."""
    town = Town()
    citizens = [town.citizen() for _ in range(PEOPLE)]
    one, two, first, second, *others = citizens
    for victim, at, yuan in ((first, PAID[0], 1_000), (second, PAID[1], 3_000)):
        town.pay(victim.account, one.account, yuan, at)
        town.pay(one.account, two.account, yuan * 0.9, at + HOUR)
        town.pay(two.account, others[5].account, yuan * 0.8, at + 5 * HOUR)
    town.call(others[0].phone, first.phone, PAID[0] - HOUR, 1800)
    fill(store, town.graph())
    reader = store.reader(EVERYTHING, Purpose("evaluation"))
    return Robbery(reader, (one, two), (first, second), tuple(others))
