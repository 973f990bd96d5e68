"""The town in two districts: P1 and P4 live in Huli, P2 and P3 in Siming, accounts with them."""

from __future__ import annotations

from pathlib import Path

from graphrisk.settings import Settings
from tests.api.town import ACCOUNTS, NAMES, PHONES, Town, build, opened
from tests.contract.deliveries import batch, states

HULI, SIMING = "350206001001001", "350203001001001"
INSIDE, OUTSIDE = ("P1", "P4"), ("P2", "P3")


def build_districts(folder: Path, settings: Settings | None = None) -> Town:
    """With the findings of the town: each of them has members in both districts.

    On SQLite, or on the empty store of the settings.
    """
    settings = settings or Settings(store=f"sqlite:///{folder / 'graph.db'}")
    town = build(settings, folder)
    people = [town.nids[key] for key in (*INSIDE, *OUTSIDE)]
    with opened(settings) as (store, _), store.writer("test") as writer:
        huli, siming = (int(nid) for nid in writer.resolve("GridCell", [HULI, SIMING]))
        rows = states(people, [huli, huli, siming, siming], range(9_001, 9_005))
        writer.upsert_edges("LIVES_IN", rows, batch())
        writer.commit()
    return Town(settings, {**town.nids, HULI: huli, SIMING: siming}, town.transfers)


def outside_keys() -> list[str]:
    """Keys of what lies in Siming."""
    phones = [PHONES[key] for key in OUTSIDE]
    return [*OUTSIDE, *phones, *(ACCOUNTS[key] for key in OUTSIDE), SIMING]


def outside_names() -> list[str]:
    """Names of those who live there."""
    return [NAMES[key] for key in OUTSIDE]
