"""Keys that outsiders see: drawn at random, so that they tell nothing about who was made when."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth.model import IntArray

_OPERATORS = {
    "中国移动": ("138", "139", "150", "187"),
    "中国联通": ("130", "186"),
    "中国电信": ("133", "189"),
}
BANKS = ("工商银行", "农业银行", "建设银行", "中国银行", "厦门银行", "支付机构甲")
CATEGORIES = ("冒充公检法", "冒充熟人", "网络购物", "虚假中奖", "贷款诈骗", "刷单返利", "投资理财")
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK = "10X98765432"


def distinct(rng: np.random.Generator, count: int, digits: int) -> IntArray:
    """So many different numbers of so many digits, in random order."""
    drawn = np.empty(0, np.int64)
    while len(drawn) < count:
        fresh = rng.integers(0, 10**digits, count + count // 8 + 16)
        drawn = np.sort(np.concatenate([drawn, fresh]))  # np.unique hashes, which takes far longer
        drawn = drawn[np.append(True, drawn[1:] != drawn[:-1])]
    return rng.permutation(drawn)[:count]


def person_ids(rng: np.random.Generator, count: int) -> list[str]:
    """Surrogates of the population register."""
    return [f"P{number:010d}" for number in distinct(rng, count, 10).tolist()]


def phone_numbers(rng: np.random.Generator, count: int) -> tuple[list[str], list[str]]:
    """Numbers in E.164 without the plus sign, and their operators."""
    choices = [(prefix, name) for name, prefixes in _OPERATORS.items() for prefix in prefixes]
    picked = rng.integers(0, len(choices), count)
    numbers = distinct(rng, count, 8).tolist()
    keys = [f"86{choices[i][0]}{n:08d}" for i, n in zip(picked.tolist(), numbers, strict=True)]
    return keys, [choices[i][1] for i in picked.tolist()]


def account_numbers(rng: np.random.Generator, count: int) -> tuple[list[str], list[str]]:
    """Account numbers and their banks."""
    picked = rng.integers(0, len(BANKS), count).tolist()
    numbers = distinct(rng, count, 13).tolist()
    keys = [f"622{bank:03d}{number:013d}" for bank, number in zip(picked, numbers, strict=True)]
    return keys, [BANKS[bank] for bank in picked]


def device_ids(rng: np.random.Generator, count: int) -> list[str]:
    """Hardware numbers."""
    return [f"86{number:013d}" for number in distinct(rng, count, 13).tolist()]


def identity_numbers(rng: np.random.Generator, birth_years: IntArray) -> list[str]:
    """18-digit identity numbers with their check sign (GB 11643-1999)."""
    count = len(birth_years)
    days = rng.integers(0, 365, count)
    first = (birth_years - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    born = (first + days).astype("datetime64[D]")
    month = born.astype("datetime64[M]")
    day = (born - month).astype(np.int64) + 1
    date = birth_years * 10_000 + (month.astype(np.int64) % 12 + 1) * 100 + day
    serials = distinct(rng, count, 9)
    area, order = 350200 + serials // 1000 % 7, serials % 1000
    body = (area * 10**8 + date) * 1000 + order
    digits = body[:, None] // 10 ** np.arange(16, -1, -1) % 10
    checks = (digits @ _WEIGHTS % 11).tolist()
    return [f"{number}{_CHECK[check]}" for number, check in zip(body.tolist(), checks, strict=True)]
