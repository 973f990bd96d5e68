"""docs/loading.md tells every key and conversion, and its example does what the page says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from graphrisk.ingest.facts import LONGEST_KEY
from graphrisk.ingest.nids import _MOST
from graphrisk.store.raw import _MOST_KNOWN
from graphrisk_loaders.conversions import LONGEST_TEXT
from graphrisk_loaders.language import CONVERSIONS, KEYS
from graphrisk_loaders.readers.columnar import _BATCH_ROWS
from graphrisk_loaders.readers.lines import BLOCK_BYTES, LONGEST_RECORD
from graphrisk_loaders.readers.spreadsheet import _BLOCK_ROWS, HEADER_ROWS
from graphrisk_loaders.readers.workbook import MOST_TEXT_BYTES
from tests.ingest.factory import Desk, rejects
from tests.journeys.factory import sqlite_deployment

PAGE = (Path(__file__).parents[2] / "docs" / "loading.md").read_text(encoding="utf-8")
SECTIONS = {
    "mapping": "### Of the mapping",
    "owner": "### Of an owner",
    "node": "### Of a node",
    "position": "### Of a position",
    "edge": "### Of an edge",
    "end": "### Of an end",
    "calls": "### Of calls",
    "column": "### Of a column",
}


def block(language: str) -> str:
    """The page's only block in a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


def told(heading: str) -> list[str]:
    """First cells of the table below a heading."""
    part = PAGE.split(heading + "\n", 1)[1].split("\n#", 1)[0]
    return re.findall(r"^\| `([a-z_]+)` \|", part, re.MULTILINE)


@pytest.mark.parametrize("place", KEYS)
def test_every_key_is_told_and_no_other(place: str) -> None:
    assert sorted(told(SECTIONS[place])) == sorted(KEYS[place])


def test_every_conversion_is_told_and_no_other() -> None:
    assert sorted(told("## Conversions")) == sorted(CONVERSIONS)


def test_the_limits_are_those_of_the_code() -> None:
    assert f"at most {LONGEST_TEXT:,} signs" in PAGE
    assert f"at most {LONGEST_KEY} signs" in PAGE
    assert LONGEST_RECORD == 1 << 20, "1 MiB"
    assert BLOCK_BYTES == 4 << 20, "4 MiB"
    assert f"{_BATCH_ROWS:,} rows of Parquet, {_BLOCK_ROWS:,} of XLSX" in PAGE
    assert f"the sheet's first {HEADER_ROWS} rows" in PAGE
    assert MOST_TEXT_BYTES == 256 << 20, "256 MiB"
    assert (_MOST, _MOST_KNOWN) == (4_000_000, 10_000_000)


def test_the_example_does_what_the_page_says(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "agency-2026-01.csv").write_text(block("csv"), encoding="utf-8")
    mapping = tmp_path / "agency.yaml"
    mapping.write_text(block("yaml"), encoding="utf-8")
    report = sqlite_deployment(tmp_path).json("load", inbox, "--mapping", mapping)
    (file,) = report["files"]
    rejected = Path(file.pop("reject_file")).read_text(encoding="utf-8")
    assert file == json.loads(block("json"))
    assert rejected == block("jsonl")


def test_what_the_example_brings_into_the_graph(desk: Desk) -> None:
    desk.deliver("agency-2026-01.csv", block("csv"))
    mapping = desk.mapping(block("yaml"))
    assert len(rejects(desk.load(mapping).files[0])) == 1
    account = desk.node("Account", "6222000000000001")
    assert account is not None
    assert (account["bank"], account["balance"]) == ("工商银行", 1_200_050)
    assert account["opened_at"] == 1_709_222_400_000, "midnight in Shanghai"
    person = desk.node("Person", "agency-7")
    assert person is not None
    assert person["name"] == "张𠮷"
    assert [edge["valid_to"] < 2**62 for edge in desk.edges("HOLDS")] == [False, True]
    assert len(desk.edges("USES_DEVICE")) == 1
    assert desk.load(mapping).files[0].unchanged == 2
