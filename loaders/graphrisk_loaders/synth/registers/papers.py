"""What is said about platforms and firms: complaints, judgments, opinions on the web."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth import keys
from graphrisk_loaders.synth.formats import chinese_dates, chinese_times, yuan
from graphrisk_loaders.synth.model import DAY, IntArray
from graphrisk_loaders.synth.registers.firms import firms_of
from graphrisk_loaders.synth.registers.lending import bids_of
from graphrisk_loaders.synth.registers.office import Office, picked
from graphrisk_loaders.synth.registers.platforms import Platforms, platforms_of

_COMPLAINTS = {False: 2, True: 15}  # of a platform, by whether it is dubious
_OPINIONS = {False: 10, True: 30}
_ABOUT_FIRMS = 30  # complaints about firms for ten thousand people
_CHANNELS = ("12345热线", "12315热线", "信访窗口")
_GRIEVANCES = {False: "客服态度差，要求退还手续费", True: "到期无法提现，承诺的收益没有兑现"}
_PRAISE = ("使用体验一般", "客服回复及时", "界面改版后更好用")
_LURE = (
    "保本保息，稳赚不赔",
    "年化收益20%，名额有限",
    "拉人入会返现，老板背景雄厚",
    "提现困难，有人报警",
)
_SITES = ("厦门论坛", "网贷社区", "微博", "公众号")
_CAUSES = ("买卖合同纠纷", "民间借贷纠纷", "非法吸收公众存款罪", "诈骗罪")


def papers(office: Office) -> None:
    """Write the three files."""
    register = platforms_of(office)
    _complaints(office, register)
    _opinions(office, register)
    _judgments(office)


def _about(
    rng: np.random.Generator, register: Platforms, each: dict[bool, int]
) -> tuple[IntArray, list[bool]]:
    """The platform of each paper, and whether it is dubious."""
    counts = rng.poisson([each[dubious] for dubious in register.dubious])
    platform = np.repeat(np.arange(len(register.key)), counts)
    return platform, [register.dubious[of] for of in platform.tolist()]


def _complaints(office: Office, register: Platforms) -> None:
    rng, firms = office.chance("complaints"), firms_of(office)
    platform, dubious = _about(rng, register, _COMPLAINTS)
    about_firms = len(office.city.persons) * _ABOUT_FIRMS // 10_000
    count = len(platform) + about_firms
    dubious += [False] * about_firms
    firm = picked(firms.code, rng.integers(0, len(firms.code), about_firms))
    since = np.append(register.trouble[platform], np.full(about_firms, office.city.start))
    columns = {
        "工单号": [f"TS{serial:010d}" for serial in keys.distinct(rng, count, 10).tolist()],
        "渠道": [_CHANNELS[one] for one in rng.integers(0, len(_CHANNELS), count).tolist()],
        "受理时间": chinese_times(rng.integers(since, office.city.end)),
        "投诉人": picked(
            office.files.person_ids, _complainants(office, rng, platform, about_firms)
        ),
        "被投诉平台": [*picked(register.key, platform), *[""] * about_firms],
        "被投诉企业": [*[""] * len(platform), *firm],
        "涉及金额": yuan(rng.integers(1, 500, count) * 10_000),
        "诉求内容": [_GRIEVANCES[one] for one in dubious],
    }
    office.csv("complaints.csv", rng, columns)


def _complainants(
    office: Office, rng: np.random.Generator, platform: IntArray, about_firms: int
) -> IntArray:
    """Anybody, but of the platforms of the city's market those who put money in."""
    person = rng.choice(office.people.adults, len(platform) + about_firms)
    bids, contracts = bids_of(office), office.city.market.contracts
    first = len(bids.key) - len(office.city.market.bids)
    of = bids.platform[first + contracts.column("bid")]
    order = np.argsort(of, kind="stable")
    low, high = (np.searchsorted(of[order], platform, side) for side in ("left", "right"))
    known = np.flatnonzero(high > low)
    drawn = low[known] + (rng.random(len(known)) * (high - low)[known]).astype(np.int64)
    person[known] = contracts.column("lender")[order[drawn]]
    return person


def _opinions(office: Office, register: Platforms) -> None:
    rng = office.chance("opinions")
    platform, dubious = _about(rng, register, _OPINIONS)
    at = office.moments(rng, len(platform)).tolist()
    rows = []
    for place, of in enumerate(platform.tolist()):
        words = _LURE if dubious[place] and rng.random() < 0.6 else _PRAISE
        text = str(rng.choice(words))
        rows.append(
            {
                "id": f"YQ{office.seed}-{place + 1:06d}",
                "site": str(rng.choice(_SITES)),
                "title": f"聊聊{register.name[of]}",
                "text": f"{register.name[of]}：{text}",
                "published_at": at[place],
                "reads": int(rng.lognormal(5, 1.5)),
                "platform": register.key[of],
            }
        )
    rng.shuffle(rows)
    office.json_lines("opinions.jsonl", rows)


def _judgments(office: Office) -> None:
    rng, firms = office.chance("judgments"), firms_of(office)
    count = max(len(office.city.persons) // 250, 8)
    serials = np.sort(keys.distinct(rng, count, 5)).tolist()
    against_firm = rng.random(count) < 0.4
    person = picked(office.files.person_ids, rng.choice(office.people.adults, count))
    company = picked(firms.code, rng.integers(0, len(firms.code), count))
    decided = chinese_dates(office.city.start - rng.integers(1, 1500, count) * DAY)
    amount = yuan(rng.integers(1, 3000, count) * 1000 * 100)
    rows = [
        {
            "case_no": f"（2016）闽0206民初{serial:05d}号",
            "court": "厦门市湖里区人民法院",
            "cause": str(rng.choice(_CAUSES)),
            "decided_on": decided[place],
            "amount_yuan": amount[place],
            "person": None if against_firm[place] else person[place],
            "company": company[place] if against_firm[place] else None,
        }
        for place, serial in enumerate(serials)
    ]
    office.json_lines("judgments.jsonl", rows)
