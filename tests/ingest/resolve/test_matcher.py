"""Records of one person are found, whatever was mistyped, exchanged or left out."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from benchmarks.quality.entity import PLAN, SETTINGS, judged
from benchmarks.quality.noise import records
from graphrisk.ingest.resolve.columns import Plan, Shared, shared_column
from graphrisk.ingest.resolve.matcher import CUT, SAME, UNSURE, Matches, match

PEOPLE = 1500
HUB = 20


@pytest.fixture(scope="module")
def originals() -> pa.Table:
    """People without duplicates, and half of them spoilt a little, so that there is to learn."""
    return records(PEOPLE, PEOPLE // 2, SETTINGS["usual"], 11)


def _with(table: pa.Table, row: int, **changed: str | None) -> pa.Table:
    """The table with one more record: a copy of ``row`` with some values changed."""
    copy = {**table.slice(row, 1).to_pylist()[0], "rec_id": f"rec-{row}-dup-9", **changed}
    return pa.concat_tables([table, pa.Table.from_pylist([copy], schema=table.schema)])


def _probability(found: Matches, left: int, right: int) -> float:
    at = np.flatnonzero((found.left == left) & (found.right == right))
    return float(found.probability[at[0]]) if len(at) else 0.0


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("seed", [21, 22])
def test_made_up_people_are_told_apart_and_together(setting: str, seed: int) -> None:
    figures = judged("", records(PEOPLE, 2 * PEOPLE, SETTINGS[setting], seed), 0)["resolved"]
    assert isinstance(figures, dict)
    assert figures["f1"] > {"usual": 0.999, "strong": 0.985}[setting]


def test_two_registers_are_linked_across_only() -> None:
    table = records(PEOPLE, PEOPLE, SETTINGS["usual"], 23)
    found = match(table, PLAN, border=PEOPLE)
    assert (found.left < PEOPLE).all()
    assert (found.right >= PEOPLE).all()
    figures = judged("", table, PEOPLE)["resolved"]
    assert isinstance(figures, dict)
    assert figures["f1"] > 0.995


def test_what_was_exchanged_still_agrees(originals: pa.Table) -> None:
    row = originals.slice(0, 1).to_pylist()[0]
    spoilt = {
        "given_name": row["surname"],
        "surname": row["given_name"],
        "soc_sec_id": None,
        "date_of_birth": None,
    }
    table = _with(originals, 0, **spoilt)
    last = table.num_rows - 1
    as_they_are = Plan(PLAN.texts)
    crossed, straight = (match(table, plan) for plan in (PLAN, as_they_are))
    at = np.flatnonzero((crossed.left == 0) & (crossed.right == last))
    names = crossed.fields.index("given_name"), crossed.fields.index("surname")
    assert (crossed.bits[at][:, names] > 0).all()
    at = np.flatnonzero((straight.left == 0) & (straight.right == last))
    assert (straight.bits[at][:, names] < 0).all()


def test_a_missing_value_speaks_neither_for_nor_against(originals: pa.Table) -> None:
    table = _with(originals, 0, suburb=None)
    found = match(table, PLAN)
    at = np.flatnonzero((found.left == 0) & (found.right == table.num_rows - 1))
    assert found.bits[at, found.fields.index("suburb")] == 0


def test_a_rare_name_in_common_says_more_than_a_frequent_one(originals: pa.Table) -> None:
    names = originals.column("surname").to_pylist()
    held = {name: names.count(name) for name in names if name}
    rare = names.index(min(held, key=lambda name: (held[name], name)))
    frequent = names.index(max(held, key=lambda name: (held[name], name)))
    table = _with(_with(originals, rare), frequent)
    found = match(table, PLAN)
    pairs = [(rare, table.num_rows - 2), (frequent, table.num_rows - 1)]
    said = [
        found.bits[(found.left == one) & (found.right == two), found.fields.index("surname")]
        for one, two in pairs
    ]
    assert said[0] > said[1] + 1


def test_the_order_of_rows_decides_nothing(originals: pa.Table) -> None:
    order = np.random.default_rng(3).permutation(originals.num_rows)
    plain, mixed = match(originals, PLAN), match(originals.take(order), PLAN)
    one = {tuple(sorted(pair)) for pair in zip(*plain.above(SAME), strict=True)}
    left, right = mixed.above(SAME)
    two = {tuple(sorted(pair)) for pair in zip(order[left], order[right], strict=True)}
    assert len(one) > PEOPLE // 2
    assert one == two


def test_the_same_records_give_the_same_answer(originals: pa.Table) -> None:
    one, two = match(originals, PLAN), match(originals, PLAN)
    assert one.probability.tobytes() == two.probability.tobytes()
    assert one.bits.tobytes() == two.bits.tobytes()


def test_a_value_that_everybody_has_neither_explodes_nor_hides(originals: pa.Table) -> None:
    same = pa.array(["x"] * originals.num_rows, pa.string())
    place = originals.schema.get_field_index("state")
    table = originals.set_column(place, "state", same)
    found = match(table, PLAN)
    plain = match(originals, PLAN)
    assert found.compared < 1.5 * plain.compared
    assert len(found.above(SAME)[0]) >= 0.99 * len(plain.above(SAME)[0])


def test_what_is_too_common_to_compare_is_counted() -> None:
    many = 3 * CUT
    table = pa.table({name: ["x"] * many for name in ("one", "two", "three")})
    found = match(table, Plan(("one", "two", "three")))
    assert (found.compared, found.skipped_blocks, found.skipped_rows) == (0, 1, many)


def _sharing(originals: pa.Table, users: int) -> Matches:
    """Records of which the first ``users`` have one telephone, the others one each."""
    phones = [[0] if row < users else [row] for row in range(originals.num_rows)]
    table = originals.append_column("phones", pa.array(phones, pa.list_(pa.int64())))
    return match(table, Plan(PLAN.texts, (Shared("phones", HUB),), PLAN.swapped), least=0.0)


def test_a_telephone_in_common_brings_two_to_comparison_unless_it_is_a_hub(
    originals: pa.Table,
) -> None:
    few, crowd = _sharing(originals, 3), _sharing(originals, HUB + 1)
    phones = few.fields.index("phones")
    pair = (few.left == 0) & (few.right == 1)
    assert few.bits[pair, phones] > 0
    assert (crowd.bits[:, phones] <= 0).all()


def test_nobody_is_known_by_what_a_crowd_uses() -> None:
    phones = [[0]] * (HUB + 1) + [[1]] * HUB
    table = pa.table({"phones": pa.array(phones, pa.list_(pa.int64()))})
    things = np.diff(shared_column(table, Shared("phones", HUB)).starts)
    assert things.tolist() == [0] * (HUB + 1) + [1] * HUB


def test_doubtful_pairs_are_handed_back_for_a_person_to_judge(originals: pa.Table) -> None:
    found = match(originals, PLAN)
    assert (found.probability >= UNSURE).all()
    assert (np.diff((found.left << 32) | found.right) > 0).all()


@pytest.mark.parametrize("rows", [0, 1])
def test_nobody_resembles_nobody(originals: pa.Table, rows: int) -> None:
    found = match(originals.slice(0, rows), PLAN)
    assert (len(found.left), found.compared) == (0, 0)
