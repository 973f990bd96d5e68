"""Public security: police stations, reports of frauds, the banks' answers to stop orders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_loaders.synth import keys
from graphrisk_loaders.synth.categories import as_told
from graphrisk_loaders.synth.formats import chinese_times, local_times, yuan
from graphrisk_loaders.synth.lateness import delayed
from graphrisk_loaders.synth.model import DAY, HOUR, MINUTE, NONE, IntArray, Ring
from graphrisk_loaders.synth.registers.office import Office, picked
from graphrisk_loaders.synth.registers.tips import untrue_beside

_PEOPLE_A_FRAUD = 150  # people of the city for each fraud that left no trace here
_ORDERED = 0.7  # share of reported accounts for which a stop is ordered
_PROLONGED = 0.3  # share of stops that become a freeze
_STOP, _FREEZE = 2 * DAY, 183 * DAY
_REPORTED = ("scam_cell", "mule_ladder")  # kinds of rings whose victims go to the police
_QUARREL = 2  # goods bought on the net


@dataclass(frozen=True, slots=True)
class _Reports:
    """One row a report; ``phone`` and ``account`` are keys, blank where unknown."""

    number: list[str]
    person: IntArray
    phone: list[str]
    account: list[str]
    at: IntArray
    fen: IntArray
    category: IntArray


def police(office: Office) -> None:
    """Write the three files; who reports are victims of the planted rings, and others."""
    _stations(office)
    reports = _reports(office)
    _write_reports(office, reports)
    _answers(office, reports)


def _station_of(office: Office, cells: IntArray) -> list[str]:
    """Each township has one station; its code goes on from the township's."""
    return [f"{code[:9]}P1" for code in picked(office.files.cell_codes, cells)]


def _stations(office: Office) -> None:
    rng = office.chance("police_stations")
    codes = np.array([code[:9] for code in office.files.cell_codes])
    townships, first = np.unique(codes, return_index=True)
    places = office.places(rng, first)
    columns = {
        "单位代码": _station_of(office, first),
        "单位名称": [f"第{number + 1}派出所" for number in range(len(townships))],
        "值班电话": [f"0592-{number:07d}" for number in keys.distinct(rng, len(first), 7)],
        "经度": places.lon.tolist(),
        "纬度": places.lat.tolist(),
        "网格编码": places.code,
    }
    office.csv("police_stations.csv", rng, columns)


def _reports(office: Office) -> _Reports:
    rng, city, files = office.chance("police_reports"), office.city, office.files
    rings = [_payments(office, ring) for ring in city.rings if ring.kind in _REPORTED]
    told = np.concatenate([np.empty((0, 6), np.int64), *rings])
    told = told[rng.random(len(told)) < 1 - office.noise.unreported]
    mistaken = office.chance("categories of reports")
    told[:, 5] = as_told(mistaken, told[:, 5], office.noise.miscategorised)
    untrue = _untrue(office, len(told))
    told = np.concatenate([told, untrue])
    others = len(city.persons) // _PEOPLE_A_FRAUD
    strangers = [f"8517{number:09d}" for number in keys.distinct(rng, others, 9).tolist()]
    late = told[:, 3] + rng.integers(HOUR, 2 * DAY, len(told))
    fen = (rng.lognormal(8.0, 1.0, others) * 100).astype(np.int64)
    reports = _Reports(
        [f"A3502{n:010d}" for n in keys.distinct(rng, len(told) + others, 10).tolist()],
        np.concatenate([told[:, 0], rng.choice(office.people.adults, others)]),
        [*picked(files.numbers, told[:, 1]), *strangers],
        [*picked(files.account_numbers, told[:, 2]), *[""] * others],
        np.concatenate([late, office.moments(rng, others)]),
        np.concatenate([told[:, 4], fen]),
        np.concatenate([told[:, 5], rng.integers(0, len(keys.CATEGORIES), others)]),
    )
    true = len(told) - len(untrue)
    named = zip(reports.number[true:], reports.account[true : len(told)], strict=False)
    office.truth("false_reports.csv", ("report", "account"), named)
    return _come_in(office, reports)


def _come_in(office: Office, reports: _Reports) -> _Reports:
    """Some are made late; those not made before the observed time ends are not delivered."""
    at = delayed(office.chance("late reports"), reports.at, office.noise.late_labels)
    late = np.flatnonzero(at != reports.at)
    office.files.late += [
        ("police_report", reports.number[row], int(reports.at[row]), int(at[row]))
        for row in late.tolist()
    ]
    rows = np.setdiff1d(np.arange(len(at)), late[at[late] >= office.city.end])
    return _Reports(
        picked(reports.number, rows),
        reports.person[rows],
        picked(reports.phone, rows),
        picked(reports.account, rows),
        at[rows],
        reports.fen[rows],
        reports.category[rows],
    )


def _untrue(office: Office, true: int) -> IntArray:
    """Quarrels over goods, told as frauds: honest accounts that somebody paid; as ``_payments``."""
    rng, city, transfers = office.chance("false reports"), office.city, office.city.transfers
    count = untrue_beside(office.noise.false_tips, true)
    rings = [account for ring in city.rings for account in ring.offenders("Account")]
    honest = np.flatnonzero(~np.isin(transfers.column("dst"), rings))
    paid = rng.choice(honest, count, replace=False)
    person = city.accounts.column("holder")[transfers.column("src")[paid]]
    columns = [transfers.column(name)[paid] for name in ("dst", "at", "fen")]
    none, category = np.full(count, NONE), np.full(count, _QUARREL)
    return np.column_stack([person, none, *columns, category])


def _payments(office: Office, ring: Ring) -> IntArray:
    """Person, calling phone, paid account, time, fen and category of what victims paid."""
    city = office.city
    transfers, calls = city.transfers, city.calls
    role = {
        (kind, wanted): [number for k, number, r, _ in ring.members if (k, r) == (kind, wanted)]
        for kind, wanted in (("Account", "victim"), ("Account", "mule"), ("Phone", "caller"))
    }
    src, dst = transfers.column("src"), transfers.column("dst")
    paid = np.flatnonzero(
        np.isin(src, role["Account", "victim"]) & np.isin(dst, role["Account", "mule"])
    )
    person = city.accounts.column("holder")[src[paid]]
    phone = office.people.phone_of[person]
    rang = np.isin(calls.column("src"), role["Phone", "caller"])
    caller_of = np.full(len(city.phones), NONE)
    caller_of[calls.column("dst")[rang]] = calls.column("src")[rang]
    at, fen = transfers.column("at")[paid], transfers.column("fen")[paid]
    category = np.full(len(paid), ring.category)
    return np.column_stack([person, caller_of[phone], dst[paid], at, fen, category])


def _write_reports(office: Office, reports: _Reports) -> None:
    rng = office.chance("police_reports.csv")
    cell = office.city.persons.column("cell")[reports.person]
    categories = [keys.CATEGORIES[number] for number in reports.category.tolist()]
    columns = {
        "警情编号": reports.number,
        "诈骗类别": categories,
        "报警时间": chinese_times(reports.at),
        "报警人": picked(office.files.person_ids, reports.person),
        "涉案号码": reports.phone,
        "涉案账户": reports.account,
        "损失金额": [f"{fen / 100:,.2f}" for fen in reports.fen.tolist()],
        "受理单位": _station_of(office, cell),
        "简要案情": [f"遭遇{category}，已向对方转账" for category in categories],
    }
    office.csv("police_reports.csv", rng, columns)


def _answers(office: Office, reports: _Reports) -> None:
    """Stops within hours; some are prolonged to a freeze before they lapse."""
    rng = office.chance("freeze_answers")
    known = np.flatnonzero([account != "" for account in reports.account])
    stops = known[rng.random(len(known)) < _ORDERED]
    freezes = stops[rng.random(len(stops)) < _PROLONGED]
    of = np.concatenate([stops, freezes])
    frozen = np.arange(len(of)) >= len(stops)
    ordered = reports.at[of] + np.where(frozen, DAY, 0) + rng.integers(0, 5 * HOUR, len(of))
    answered = ordered + rng.integers(5 * MINUTE, 90 * MINUTE, len(of))
    share = np.maximum(rng.uniform(-0.4, 1.3, len(of)), 0.0).clip(max=1.0)
    held = (reports.fen[of] * share).astype(np.int64)
    texts = {
        "ordered_at": local_times(ordered),
        "answered_at": local_times(answered),
        "lapses_at": local_times(answered + np.where(frozen, _FREEZE, _STOP)),
        "asked_yuan": yuan(reports.fen[of]),
        "held_yuan": yuan(held),
    }
    numbers = keys.distinct(rng, len(of), 12).tolist()
    rows = []
    for place in rng.permutation(len(of)).tolist():
        report, part = int(of[place]), float(share[place])
        rows.append(
            {
                "answer": f"ZF{numbers[place]:012d}",
                "report": reports.number[report],
                "kind": "冻结" if frozen[place] else "止付",
                "result": "失败" if not held[place] else "全额" if part == 1.0 else "部分",
                "account": reports.account[report],
                "stopped_account": reports.account[report] if held[place] else None,
                **{name: column[place] for name, column in texts.items()},
            }
        )
    office.json_lines("freeze_answers.jsonl", rows)
