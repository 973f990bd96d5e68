"""Market regulation and fund supervision: firms, associations, shareholders, private funds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_loaders.credit_codes import SIGNS, check_values, values_of
from graphrisk_loaders.synth import keys
from graphrisk_loaders.synth.formats import chinese_dates, local_times, yuan
from graphrisk_loaders.synth.model import DAY, IntArray
from graphrisk_loaders.synth.registers.addresses import homes_of
from graphrisk_loaders.synth.registers.office import Office, picked

_PEOPLE_A_FIRM = 50
_PEOPLE_A_FUND = 1000
_INVESTORS = 12  # of a fund, on average
_FORMS = ("有限责任公司", "股份有限公司", "个体工商户")
_TRADES = ("贸易", "科技", "餐饮", "信息服务", "建材", "投资管理", "财富管理")
_SCOPES = (
    "日用百货批发零售",
    "软件开发；信息技术服务",
    "餐饮服务",
    "商务信息咨询",
    "建筑材料销售",
    "投资管理；投资咨询",
    "财富管理；理财咨询；金融信息服务",
)
_FINANCIAL = 5  # trades from here on deal with money
_SYLLABLES = "鑫海隆泰恒瑞安信达德华丰盛源宏兴"
_FILED = 0.75  # share of funds that were ever filed
_QUALIFIED = 0.8


@dataclass(frozen=True, slots=True)
class Firms:
    """One row a firm."""

    code: list[str]
    name: list[str]
    trade: IntArray
    head: IntArray  # person: the legal representative
    seat: list[str]  # code of the address
    planted: IntArray  # row of each firm of the city's market


def firms_of(office: Office) -> Firms:
    """The firms of the city, the same every time they are asked for."""
    rng, homes, market = office.chance("companies"), homes_of(office).code, office.city.market
    count = max(len(office.city.persons) // _PEOPLE_A_FIRM, 10) + len(market.firms)
    trade = rng.integers(0, len(_TRADES), count)
    words = rng.choice(list(_SYLLABLES), (count, 2))
    head = rng.choice(office.people.adults, count)
    code = _codes(rng, "91350206MA", count)
    seat = picked(homes, rng.integers(0, len(homes), count))
    planted = rng.choice(count, len(market.firms), replace=False)
    head[planted] = market.firms.column("head")
    trade[planted] = rng.integers(_FINANCIAL, len(_TRADES), len(planted))
    name = [
        f"厦门{''.join(word)}{_TRADES[of]}有限公司"
        for word, of in zip(words, trade.tolist(), strict=True)
    ]
    return Firms(code, name, trade, head, seat, planted)


def financial(firms: Firms) -> IntArray:
    """Numbers of the firms that deal with money; the first of all where there are none."""
    found = np.flatnonzero(firms.trade >= _FINANCIAL)
    return found if len(found) else np.zeros(1, np.int64)


def firms(office: Office) -> None:
    """Write the registers of firms, shareholders, associations, funds and their investors."""
    register = firms_of(office)
    _companies(office, register)
    _shareholders(office, register)
    _legal_persons(office)
    _funds(office, register)


def _codes(rng: np.random.Generator, head: str, count: int) -> list[str]:
    """Credit codes with their check signs."""
    serials = keys.distinct(rng, count, 7).tolist()
    bodies = "".join(f"{head}{serial:07d}0" for serial in serials).encode()
    values = values_of(np.frombuffer(bodies, np.uint8).reshape(count, -1))
    checks = [SIGNS[value] for value in check_values(values).tolist()]
    return [f"{head}{serial:07d}{sign}" for serial, sign in zip(serials, checks, strict=True)]


def _founded(office: Office, rng: np.random.Generator, count: int) -> IntArray:
    return office.city.start - rng.integers(30, 15 * 365, count) * DAY


def _companies(office: Office, register: Firms) -> None:
    rng, count = office.chance("companies.csv"), len(register.code)
    capital = rng.choice([100_000, 500_000, 1_000_000, 10_000_000, 50_000_000], count)
    form = np.minimum(rng.integers(0, 4, count), len(_FORMS) - 1)
    columns = {
        "统一社会信用代码": register.code,
        "名称": register.name,
        "类型": [_FORMS[one] for one in form.tolist()],
        "登记状态": np.where(rng.random(count) < 0.9, "存续", "吊销").tolist(),
        "成立日期": chinese_dates(_founded(office, rng, count)),
        "注册资本": [f"{amount:,}.00" for amount in capital.tolist()],
        "经营范围": [_SCOPES[one] for one in register.trade.tolist()],
        "法定代表人": picked(office.files.person_ids, register.head),
        "登记地址": register.seat,
    }
    office.csv("companies.csv", rng, columns)


def _shareholders(office: Office, register: Firms) -> None:
    """The legal representative, who stands behind him, and up to two others."""
    rng, count = office.chance("shareholders"), len(register.code)
    others = rng.choice(office.people.adults, (2, count))
    others[0, register.planted] = office.city.market.firms.column("owner")
    firm = np.tile(np.arange(count), 3)
    person = np.concatenate([register.head, *others])
    kept = np.concatenate([np.ones(count, bool), rng.random(2 * count) < 0.4])
    kept[count + register.planted] = True
    pairs = np.unique(np.column_stack([firm, person])[kept], axis=0)
    weight = rng.uniform(0.2, 1.0, len(pairs))
    share = np.round(weight / np.bincount(pairs[:, 0], weight)[pairs[:, 0]], 4)
    columns = {
        "统一社会信用代码": picked(register.code, pairs[:, 0]),
        "股东": picked(office.files.person_ids, pairs[:, 1]),
        "认缴出资额": yuan((share * 1e8).astype(np.int64)),
        "持股比例": share.tolist(),
        "认缴日期": chinese_dates(_founded(office, rng, len(pairs))),
    }
    office.csv("shareholders.csv", rng, columns)


def _legal_persons(office: Office) -> None:
    rng, count = office.chance("legal_persons"), len(office.city.persons) // 500
    homes = homes_of(office).code
    forms = rng.choice(["社会团体", "民办非企业单位", "基金会", "事业单位"], count)
    rows = {
        "统一社会信用代码": _codes(rng, "51350206MJ", count),
        "名称": [f"厦门市第{number + 1}{form}" for number, form in enumerate(forms.tolist())],
        "法人类型": forms.tolist(),
        "状态": ["正常"] * count,
        "负责人": picked(office.files.person_ids, rng.choice(office.people.adults, count)),
        "登记地址": picked(homes, rng.integers(0, len(homes), count)),
    }
    office.xlsx("legal_persons.xlsx", "法人名录", rows)


def _funds(office: Office, register: Firms) -> None:
    rng = office.chance("private_funds")
    count = max(len(office.city.persons) // _PEOPLE_A_FUND, 4)
    manager = rng.choice(financial(register), count)
    number = [f"SX{serial:04d}" for serial in keys.distinct(rng, count, 4).tolist()]
    filed = local_times(_founded(office, rng, count))
    size = rng.integers(10, 500, count) * 1_000_000 * 100
    rows = [
        {
            "fund_no": number[place],
            "name": f"{register.name[of][2:4]}稳健{place + 1}号私募投资基金",
            "manager": register.code[of],
            "filed_on": filed[place][:10] if rng.random() < _FILED else None,
            "size_yuan": f"{size[place] // 100}.00",
        }
        for place, of in enumerate(manager.tolist())
    ]
    office.json_lines("private_funds.jsonl", rows)
    _investors(office, number)


def _investors(office: Office, number: list[str]) -> None:
    """Some funds have far more investors than the law allows."""
    rng = office.chance("fund_investors")
    counts = np.minimum(rng.geometric(1 / _INVESTORS, len(number)) + 2, 260)
    pairs = np.unique(
        np.column_stack(
            [
                np.repeat(np.arange(len(number)), counts),
                rng.choice(office.people.adults, counts.sum()),
            ]
        ),
        axis=0,
    )
    qualified = rng.random(len(pairs)) < _QUALIFIED
    fen = np.where(qualified, rng.integers(100, 300, len(pairs)), rng.integers(5, 60, len(pairs)))
    columns = {
        "基金编号": picked(number, pairs[:, 0]),
        "投资者": picked(office.files.person_ids, pairs[:, 1]),
        "投资金额": yuan(fen * 10_000 * 100),
        "合格投资者": np.where(qualified, "是", "否").tolist(),
        "确认日期": chinese_dates(office.moments(rng, len(pairs))),
    }
    office.csv("fund_investors.csv", rng, columns)
