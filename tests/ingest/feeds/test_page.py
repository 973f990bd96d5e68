"""docs/feeds.md tells every key and every bound, and its examples can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from graphrisk.ingest.feeds import http, postgres
from graphrisk.ingest.feeds.config import KEYS, QUIET_MS, read_feed
from tests.ingest.feeds.service import MAPPING

PAGE = (Path(__file__).parents[3] / "docs" / "feeds.md").read_text(encoding="utf-8")
SECTIONS = {
    "folder": "## A watched folder 监视文件夹",
    "http": "## Pull by HTTP HTTP 增量拉取",
    "postgres": "## Pull from PostgreSQL 数据库查询",
}


def _section(kind: str) -> str:
    return PAGE.split(SECTIONS[kind] + "\n", 1)[1].split("\n## ", 1)[0]


@pytest.mark.parametrize("kind", KEYS)
def test_every_key_is_told_and_no_other(kind: str) -> None:
    told = re.findall(r"^\| `([a-z_]+)` \|", _section(kind), re.MULTILINE)
    assert sorted(told) == sorted(KEYS[kind])


@pytest.mark.parametrize("kind", KEYS)
def test_the_example_can_be_read(kind: str, tmp_path: Path) -> None:
    (example,) = re.findall(r"^```yaml\n(.*?)^```$", _section(kind), re.MULTILINE | re.DOTALL)
    said = yaml.safe_load(example)
    assert said["kind"] == kind
    (tmp_path / "tags.yaml").write_text(MAPPING)
    folder = tmp_path / "feeds"
    folder.mkdir()
    if "mapping" in said:
        example = example.replace(f"mapping: {said['mapping']}", "mapping: ../tags.yaml")
    (folder / f"{said['name']}.yaml").write_text(example)
    assert read_feed(folder / f"{said['name']}.yaml").name == said["name"]


def test_the_bounds_are_those_of_the_code() -> None:
    assert f"{http.WHOLE_SECONDS} s and {http.MOST_BYTES >> 20} MiB\na page" in PAGE
    assert http.ATTEMPTS == 5, "after 1, 2, 4 and 8 seconds"
    assert http.LONGEST_PAUSE_SECONDS == 60, "at most a minute"
    assert f"{postgres.PAGE_ROWS:,} at a time" in PAGE
    assert f"the default is {QUIET_MS // 1000} seconds" in PAGE
