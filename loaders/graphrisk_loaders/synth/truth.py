"""What was planted, in a folder apart; for judging only, no loader reads it."""

from __future__ import annotations

from collections.abc import Sequence

from graphrisk_loaders.synth.registers.firms import firms_of
from graphrisk_loaders.synth.registers.lending import bids_of
from graphrisk_loaders.synth.registers.office import Office, picked
from graphrisk_loaders.synth.registers.platforms import platforms_of

Row = tuple[str | int, ...]


def truth(office: Office) -> None:
    """Write rings, members, look-alikes, faults of identity, and what is late or elsewhere."""
    keys = _keys(office)
    rings: list[Row] = []
    members: list[Row] = []
    decoys: list[Row] = []
    for i, ring in enumerate(office.city.rings):
        name = f"R{i + 1:03d}"
        dates = (ring.started, ring.ended)
        rings.append((name, ring.kind, ring.level, *dates, ring.taken_fen, ring.shape))
        for kind, number, role, offender in ring.members:
            members.append((name, kind, keys[kind][number], role, int(offender)))
    for i, decoy in enumerate(office.city.decoys):
        for kind, number in decoy.members:
            decoys.append((f"H{i + 1:03d}", decoy.kind, kind, keys[kind][number]))
    dates_of = ("started", "ended", "taken_fen", "shape")
    office.truth("rings.csv", ("ring_id", "kind", "level", *dates_of), rings)
    office.truth("members.csv", ("ring_id", "node_kind", "key", "role", "is_offender"), members)
    office.truth("hard_negatives.csv", ("group_id", "kind", "node_kind", "key"), decoys)
    ids, found = office.files.person_ids, office.files.doubles
    later = zip(found.keys, picked(ids, found.person), strict=True)
    office.truth("later_records.csv", ("record", "person"), later)
    shared = zip(picked(ids, found.given), picked(ids, found.owner), strict=True)
    office.truth("shared_numbers.csv", ("person", "whose"), shared)
    office.truth("late_labels.csv", ("label", "key", "at", "told_at"), office.files.late)
    away = office.city.elsewhere
    holder = picked(ids, office.city.accounts.column("holder")[away])
    kept = zip(picked(office.files.account_numbers, away), holder, strict=True)
    office.truth("elsewhere.csv", ("account", "holder"), kept)


def _keys(office: Office) -> dict[str, Sequence[str]]:
    """Keys by node kind, of things by their number in the city."""
    firms, platforms, bids = firms_of(office), platforms_of(office), bids_of(office)
    own = len(office.city.market.bids)
    return {
        "Person": office.files.person_ids,
        "Phone": office.files.numbers,
        "Account": office.files.account_numbers,
        "Device": office.files.device_ids,
        "Volunteer": office.files.volunteer_numbers,
        "Company": picked(firms.code, firms.planted),
        "Platform": picked(platforms.key, platforms.planted),
        "Bid": bids.key[len(bids.key) - own :],
    }
