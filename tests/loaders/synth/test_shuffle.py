"""The control: edges torn apart, everything else as it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphrisk_loaders.mapping import Mapping
from graphrisk_loaders.synth.city import write_city
from graphrisk_loaders.synth.delivered import read_delivered, source_of
from graphrisk_loaders.synth.shuffle import shuffle_edges

Row = dict[str, object]
#: Columns whose values change places, of files of every format and of every kind of source.
TORN = {
    "phones.csv": {"owner_id", "imei"},
    "accounts.csv": {"holder_id", "device_id"},
    "transfers.csv": {"from_account", "to_account"},
    "calls.parquet": {"caller", "callee"},
    "persons.csv": {"grid_code"},
    "households.csv": {"address_code"},
    "tenancies.csv": {"地址编码"},
    "shareholders.csv": {"统一社会信用代码"},
    "fund_investors.csv": {"基金编号"},
    "companies.csv": {"法定代表人", "登记地址"},
    "legal_persons.xlsx": {"负责人", "登记地址"},
    "bids.jsonl": {"platform", "person", "company"},
    "contracts.parquet": {"bid", "lender"},
    "repayments.csv": {"bid", "contract"},
    "custodian_entries.csv": {"客户账号", "合同编号"},
    "third_party_tags.jsonl": {"number"},
    "snap_reports.jsonl": {"sender", "grid_code", "shop", "platform", "poster_phone"},
}
#: What is neither torn nor an edge: the ground, lists, the truth.
COPIED = (
    *("scam_numbers.jsonl", "areas.csv", "grid_cells.csv", "addresses.csv", "tag_providers.csv"),
    *("truth/rings.csv", "truth/members.csv"),
)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("city")
    write_city("small", 5, folder / "whole", lambda *_: None)
    shuffle_edges(folder / "whole", folder / "torn", seed=1)
    return folder / "whole", folder / "torn"


def _files(pair: tuple[Path, Path]) -> Iterator[tuple[Mapping, list[Row], list[Row]]]:
    """Of each delivered file its source, and its rows before and after."""
    whole, torn = pair
    for file in sorted(whole.glob("*.*")):
        mapping = source_of(file)
        assert mapping is not None, file
        before, after = (read_delivered(one / file.name, mapping) for one in (whole, torn))
        yield mapping, before.to_pylist(), after.to_pylist()


@pytest.mark.parametrize("name", TORN)
def test_ends_change_places_and_nothing_else_does(pair: tuple[Path, Path], name: str) -> None:
    mapping = source_of(Path(name))
    assert mapping is not None
    before, after = (read_delivered(one / name, mapping) for one in pair)
    assert before.column_names == after.column_names
    for column in before.column_names:
        values, torn = (one[column].to_pylist() for one in (before, after))
        assert (values == torn) == (column not in TORN[name]), column
        assert Counter(values) == Counter(torn), "everybody keeps the number of edges"
        assert [not one for one in values] == [not one for one in torn], "as every row does"


def test_hardly_an_edge_of_any_kind_is_what_it_was(pair: tuple[Path, Path]) -> None:
    told = 0
    for mapping, before, after in _files(pair):
        edges = [target.ends for target in mapping.targets if target.is_edge]
        edges += [mapping.calls.ends] if mapping.calls else []
        for ends in edges if mapping.name not in {"areas", "grid_cells"} else ():
            columns = [end.column for end in ends]
            pairs = [
                [tuple(row[one] for one in columns) for row in rows] for rows in (before, after)
            ]
            real = {both for both in pairs[0] if all(both)}
            others = {len({both[side] for both in real}) for side in (0, 1)}
            kept = Counter(both for both in pairs[1] if both in real)
            if len(real) > 30 and min(others) > 20:
                told += 1
                assert kept.total() < 0.2 * len(real), (mapping.name, columns)
    assert told > 30, "registers are large enough to tell"


def test_no_row_is_lost_to_an_id_that_another_row_has(pair: tuple[Path, Path]) -> None:
    for mapping, before, after in _files(pair):
        ids = [
            {tuple(row[one] for one in mapping.identity) for row in rows}
            for rows in (before, after)
        ]
        assert len(ids[0]) == len(ids[1]) == len(before), mapping.name


@pytest.mark.parametrize("name", COPIED)
def test_what_is_no_tie_of_anybody_is_copied(pair: tuple[Path, Path], name: str) -> None:
    whole, torn = pair
    assert (whole / name).read_bytes() == (torn / name).read_bytes()
