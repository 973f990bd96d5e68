"""Small made sets of each format, with something planted that can be found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

Column = npt.NDArray[np.generic]
Write = Callable[[Path, np.random.Generator], None]


def put(folder: Path, name: str, **columns: Column) -> None:
    """Write columns as a file of the kind that the name says."""
    folder.mkdir(parents=True, exist_ok=True)
    table = pa.table({key: pa.array(values) for key, values in columns.items()})
    if name.endswith(".csv"):
        pc_csv.write_csv(table, folder / name)
    else:
        pq.write_table(table, folder / name)


def transfers(folder: Path, rng: np.random.Generator) -> None:
    """400 accounts; 20 groups of three pay each other both ways, and what others never pay."""
    n, rows = 400, 1600
    src, dst = rng.integers(0, n, (2, rows))
    amount = 100.0 + src  # an account has its own sum
    step = rng.integers(1, 100, rows)
    fraud = rng.permutation(n)[:60].reshape(20, 3)
    one = np.concatenate([fraud.ravel(), np.roll(fraud, 1, axis=1).ravel()])
    two = np.concatenate([np.roll(fraud, 1, axis=1).ravel(), fraud.ravel()])
    flag = np.zeros(n, np.int64)
    flag[fraud.ravel()] = 1
    put(
        folder,
        "transactions.parquet",
        src=np.concatenate([src, one]),
        dst=np.concatenate([dst, two]),
        amount=np.concatenate([amount, rng.uniform(3.0, 5.0, len(one))]),
        step=np.concatenate([step, rng.integers(1, 100, len(one))]),
    )
    put(folder, "accounts.parquet", id=np.arange(n), is_fraud=flag)


def telecom(folder: Path, rng: np.random.Generator) -> None:
    """300 numbers, a third of them fraud: they call strangers, and are tied to their like."""
    n = 300
    fraud = np.arange(n) % 3 == 0
    counterparts = rng.integers(20, 200, n).astype(np.float64)
    often = np.where(fraud, rng.uniform(1.0, 2.5, n), rng.uniform(1.5, 9.0, n))
    calls = counterparts * often
    put(
        folder,
        "phones.parquet",
        id=np.arange(n),
        opposite_count=calls,
        opposite_unique=counterparts,
        phone2opposite_max=calls * np.where(fraud, 0.05, rng.uniform(0.05, 0.5, n)),
        voc_calltype1=np.where(fraud, rng.uniform(0.5, 1.0, n), rng.uniform(0.2, 0.8, n)),
        voc_day_nunique=np.where(fraud, rng.integers(1, 31, n), 30).astype(np.float64),
        voc_day_mode_count=calls * rng.uniform(0.05, 0.3, n),
        month_ids=rng.integers(1, 9, n),
        imeis=rng.integers(1, 3, n).astype(np.float64),
    )
    kinds = [np.flatnonzero(fraud), np.flatnonzero(~fraud)]
    alike = [rng.choice(kind, (2, 3 * len(kind))) for kind in kinds]
    mixed = rng.integers(0, n, (2, 200))
    src, dst = np.concatenate([*alike, mixed], axis=1)
    put(folder, "edges.parquet", src=src, dst=dst, w=np.ones(len(src), np.int64))
    put(folder, "labels_train.csv", id=np.arange(n), label=fraud.astype(np.int64))


def communities(folder: Path, rng: np.random.Generator) -> None:
    """120 nodes in six departments; four ties in five stay inside."""
    n, rows = 120, 1500
    department = np.arange(n) % 6
    src = rng.integers(0, n, rows)
    inside = rng.random(rows) < 0.8
    dst = np.where(inside, 6 * rng.integers(0, n // 6, rows) + department[src], 0)
    dst = np.where(inside, dst, rng.integers(0, n, rows))
    put(folder, "edges.csv", src=src, dst=dst)
    put(folder, "labels.csv", id=np.arange(n), department=department)


def reviews(folder: Path, rng: np.random.Generator) -> None:
    """Loyal customers of 40 products; three products have 30 throwaway reviewers each."""
    loyal, rings = 2000, 90
    user = np.concatenate([rng.integers(0, 300, loyal), 1000 + np.arange(rings + 30)])
    product = np.concatenate([rng.integers(0, 40, loyal + 30), np.arange(rings) % 3])
    user[loyal : loyal + 30], user[loyal + 30 :] = user[-30:], user[loyal:-30].copy()
    spam = np.arange(len(user)) >= loyal + 30
    suspect = np.where(spam, rng.uniform(0.3, 0.9, len(user)), rng.uniform(0.05, 0.6, len(user)))
    put(
        folder,
        "reviews.parquet",
        user=user,
        product=product,
        is_spam=spam.astype(np.int64),
        prior_review=suspect,
        prior_user=rng.uniform(0.1, 0.9, len(user)),
        prior_product=np.full(len(user), 0.4),
    )


def ratings(folder: Path, rng: np.random.Generator) -> None:
    """200 users; frauds come late, rate little and rate each other."""
    fraud = np.arange(200) % 2 == 0
    src = rng.integers(0, 200, 3000)
    kept = ~fraud[src] | (rng.random(3000) < 0.3)
    src = src[kept]
    like = np.where(rng.random(len(src)) < 0.8, fraud[src], ~fraud[src])
    dst = 2 * rng.integers(0, 100, len(src)) + ~like
    time = rng.uniform(0.0, 100.0, len(src)) + 60.0 * (fraud[src] | fraud[dst])
    given = np.where(rng.random(len(src)) < 0.8, 3, -3)
    put(folder, "ratings.parquet", src=src, dst=dst, rating=given, time=time)
    put(folder, "labels.csv", user=np.arange(200), is_fraud=fraud.astype(np.int64))


def firms(folder: Path, rng: np.random.Generator) -> None:
    """400 firms, one in five unlawful: more news, bad ones, and taxes on other things."""
    fraud = np.arange(400) % 5 == 0
    news = np.repeat(np.arange(400), np.where(fraud, 4, 1))
    bad = np.where(fraud[news], rng.random(len(news)) < 0.8, rng.random(len(news)) < 0.2)
    day = np.array([f"20{year}-0{month}-11" for year, month in rng.integers(1, 9, (len(news), 2))])
    day = np.char.replace(day, "20", "201", count=1)
    put(folder, "labels.csv", id=np.arange(400), label=fraud.astype(np.int64))
    mood = np.where(bad, "消极", "中立")
    put(folder, "news_info.parquet", id=news, positive_negtive=mood, public_date=day)
    staff = rng.integers(1, 50, 400).astype(np.float64)
    year = np.full(400, 2017.0)
    put(folder, "annual_report_info.parquet", id=np.arange(400), ANCHEYEAR=year, EMPNUM=staff)
    kind = np.where(fraud[::2], "印花税", "增值税")
    put(
        folder,
        "tax_info.parquet",
        id=np.arange(0, 400, 2),
        START_DATE=np.full(200, "2015/09/01"),
        TAX_CATEGORIES=kind,
        TAX_ITEMS=np.full(200, "-"),
    )
    put(folder, "other_info.parquet", id=np.arange(5), brand_num=np.arange(5.0))


def payments(folder: Path, rng: np.random.Generator) -> None:
    """4,000 payments; a fraud is paid twice within moments, at a new place. One in four unknown."""
    rows = 4000
    src, dst = rng.integers(0, 300, rows), rng.integers(0, 40, rows)
    fraud = rng.random(rows) < 0.15
    again = np.flatnonzero(fraud[1:]) + 1
    src[again] = src[again - 1]
    place = np.where(fraud, 20 + rng.integers(0, 20, rows), src % 10)
    label = np.where(rng.random(rows) < 0.25, 2, fraud)
    put(
        folder,
        "transactions.parquet",
        t=np.arange(rows),
        src=src,
        dst=dst,
        amount=np.round(rng.uniform(5.0, 300.0, rows), 2),
        location=place,
        type=rng.integers(0, 4, rows),
        label=label,
    )


#: Every format's set, and its file and column of labels.
def ponzi(folder: Path, rng: np.random.Generator) -> None:
    """Two schemes: deposits grow by the day, and go out again a day later with a gain."""
    columns: dict[str, list[npt.NDArray[np.generic]]] = {"scheme": [], "day": [], "satoshi": []}
    series = []
    for scheme in range(2):
        days = 40
        took = rng.lognormal(0.0, 1.5, days) * np.exp(np.arange(days) / 15.0) * 1e6
        took[30:] *= 0.01
        paid = np.minimum(np.append(0.0, 1.2 * took[:-1]), np.cumsum(took))
        for name, amount in (("receive", took), ("send", paid), ("balance", took - paid)):
            columns["scheme"].append(np.full(days, scheme))
            columns["day"].append(np.arange(days))
            columns["satoshi"].append(amount.astype(np.int64))
            series += [name] * days
    told = {name: np.concatenate(parts) for name, parts in columns.items()}
    put(folder, "cashflow.parquet", series=np.array(series), **told)


SETS: Mapping[str, tuple[Write, str, str]] = {
    "transfers": (transfers, "accounts.parquet", "is_fraud"),
    "reviews": (reviews, "reviews.parquet", "is_spam"),
    "ratings": (ratings, "labels.csv", "is_fraud"),
    "firms": (firms, "labels.csv", "label"),
    "payments": (payments, "transactions.parquet", "label"),
    "telecom": (telecom, "labels_train.csv", "label"),
    "ponzi": (ponzi, "cashflow.parquet", "satoshi"),
    "communities": (communities, "labels.csv", "department"),
}


def write(name: str, folder: Path, seed: int) -> Path:
    """The set of a format."""
    SETS[name][0](folder, np.random.default_rng(seed))
    return folder


def rewritten(name: str, folder: Path, change: Callable[[pa.Table, str], pa.Table]) -> None:
    """Change the file of labels; ``change`` is told the column."""
    file, column = folder / SETS[name][1], SETS[name][2]
    if file.suffix == ".csv":
        pc_csv.write_csv(change(pc_csv.read_csv(file), column), file)
    else:
        pq.write_table(change(pq.read_table(file), column), file)
