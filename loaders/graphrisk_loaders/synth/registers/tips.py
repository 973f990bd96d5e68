"""Snap reports: sights and posters that were seen, seen again, or never were what they say."""

from __future__ import annotations

import hashlib

import numpy as np

from graphrisk_loaders.synth import keys
from graphrisk_loaders.synth.model import DAY, MINUTE, NONE, Columns, IntArray
from graphrisk_loaders.synth.registers.firms import firms_of
from graphrisk_loaders.synth.registers.office import Office, Places, picked
from graphrisk_loaders.synth.registers.platforms import platforms_of

_PEOPLE_A_REPORT = 100
_ABOUT_A_PLATFORM = 0.4  # share of snap reports that show a platform's poster
_SIGHTS = ("路面积水", "占道经营", "井盖破损", "电动车楼道充电")
_KINDS = _SEEN, _AGAIN, _MISTAKEN, _MALICIOUS = ("seen", "again", "mistaken", "malicious")
_MALICE = 0.5  # share of the untrue tips that are meant to harm
_AT_ONCE = 4  # of which one ill-wisher sends so many, within days
_SOON = 2 * DAY


def snap_reports(office: Office) -> None:
    """Write the reports, and of those about a platform which are true."""
    # Numbers of things; ``spot`` is a row of the places, ``again`` the row that is repeated.
    numbers = ("sender", "platform", "spot", "shop", "poster", "at", "sight", "serial")
    sights = Columns(*numbers, "kind", "again")
    places = _seen(office, sights)
    rng = office.chance("tips")
    _untrue(office, rng, sights)
    _seen_again(office, rng, sights)
    _write(office, sights, places)


def untrue_beside(share: float, others: int) -> int:
    """How many untrue ones beside the others make that share of all."""
    return round(others * share / (1 - share)) if share < 1 else others


def _seen(office: Office, sights: Columns) -> Places:
    """Ordinary sights, and posters of platforms, of dubious ones three times as often."""
    rng, firms, platforms = office.chance("snap_reports"), firms_of(office), platforms_of(office)
    count = max(len(office.city.persons) // _PEOPLE_A_REPORT, 10)
    places = office.places(rng, rng.integers(0, len(office.files.cell_codes), count))
    sender = rng.choice(office.people.adults, count)
    weight = np.array([3.0 if dubious else 1.0 for dubious in platforms.dubious])
    platform = rng.choice(len(platforms.key), count, p=weight / weight.sum())
    platform[rng.random(count) >= _ABOUT_A_PLATFORM] = NONE
    shop = rng.integers(0, len(firms.code), count)
    anybody = rng.choice(len(office.files.numbers), len(platforms.key))
    poster = np.where(platforms.poster == NONE, anybody, platforms.poster)
    at = np.sort(office.moments(rng, count))
    serial = keys.distinct(rng, count, 12)
    sight = np.full(count, NONE)
    sight[platform == NONE] = rng.integers(0, len(_SIGHTS), int((platform == NONE).sum()))
    sights.add(
        sender=sender,
        platform=platform,
        spot=np.arange(count),
        shop=shop,
        poster=poster[platform],
        at=at,
        sight=sight,
        serial=serial,
        kind=_KINDS.index(_SEEN),
        again=NONE,
    )
    return places


def _untrue(office: Office, rng: np.random.Generator, sights: Columns) -> None:
    """Posters of honest platforms with an honest number: taken for bad, or made up to harm."""
    about = np.flatnonzero(sights.column("platform") != NONE)
    count = untrue_beside(office.noise.false_tips, len(about))
    if not count:
        return
    honest = office.people.without(office.city.offenders()).adults
    fair = np.flatnonzero(~np.array(platforms_of(office).dubious))
    ill = np.arange(count) < round(count * _MALICE)
    one_of = np.where(ill, np.arange(count) // _AT_ONCE * _AT_ONCE, np.arange(count))
    like = rng.choice(about, count)[one_of]
    at = office.moments(rng, count)[one_of]
    follows = one_of != np.arange(count)
    sights.add(
        sender=rng.choice(office.people.adults, count)[one_of],
        platform=rng.choice(fair, count)[one_of],
        poster=office.people.phone_of[rng.choice(honest, count)[one_of]],
        at=_in_time(office, at + np.where(follows, rng.integers(0, _SOON, count), 0)),
        serial=rng.integers(0, 10**12, count),
        kind=np.where(ill, _KINDS.index(_MALICIOUS), _KINDS.index(_MISTAKEN)),
        again=NONE,
        **{name: sights.column(name)[like] for name in ("spot", "shop", "sight")},
    )


def _seen_again(office: Office, rng: np.random.Generator, sights: Columns) -> None:
    """Somebody else sends in the same within days."""
    rows = np.flatnonzero(rng.random(len(sights)) < office.noise.repeated_tips)
    if not len(rows):
        return
    kept = ("platform", "spot", "shop", "poster", "sight")
    at = sights.column("at")[rows] + rng.integers(MINUTE, _SOON, len(rows))
    sights.add(
        sender=rng.choice(office.people.adults, len(rows)),
        at=_in_time(office, at),
        serial=rng.integers(0, 10**12, len(rows)),
        kind=_KINDS.index(_AGAIN),
        again=rows,
        **{name: sights.column(name)[rows] for name in kept},
    )


def _in_time(office: Office, at: IntArray) -> IntArray:
    return np.minimum(at, office.city.end - 1)


def _write(office: Office, sights: Columns, places: Places) -> None:
    firms, platforms = firms_of(office), platforms_of(office)
    reports = [f"SP{serial:012d}" for serial in sights.column("serial").tolist()]
    senders = picked(office.files.person_ids, sights.column("sender"))
    names = ("platform", "spot", "shop", "poster", "at", "sight", "kind", "again")
    of = {name: sights.column(name).tolist() for name in names}
    rows, tips = [], []
    for row in np.argsort(sights.column("at"), kind="stable").tolist():
        platform, spot, sight = (of[name][row] for name in ("platform", "spot", "sight"))
        is_tip = platform != NONE
        rows.append(
            {
                "report": reports[row],
                "sender": senders[row],
                "text": f"门口贴着{platforms.name[platform]}的海报" if is_tip else _SIGHTS[sight],
                "sent_at": of["at"][row],
                "photo_sha256": _photo(office.seed, reports[row]),
                **places.told(spot),
                "shop": firms.code[of["shop"][row]] if is_tip else None,
                "platform": platforms.key[platform] if is_tip else None,
                "poster_phone": office.files.numbers[of["poster"][row]] if is_tip else None,
            }
        )
        if is_tip:
            again = picked(reports, np.array([of["again"][row]]))
            kind, true = _KINDS[of["kind"][row]], int(platforms.dubious[platform])
            tips.append((reports[row], true, kind, *again))
    office.json_lines("snap_reports.jsonl", rows)
    office.truth("tips.csv", ("report", "is_true", "kind", "again"), tips)


def _photo(seed: int, report: str) -> str:
    """SHA-256 of a photo of its own."""
    return hashlib.sha256(f"{seed} {int(report[2:])}".encode()).hexdigest()
