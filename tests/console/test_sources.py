"""What the console asks is in the schema, and every word of it is in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "graphrisk" / "console" / "src"
QUERIES = sorted((SOURCES / "queries").glob("*.graphql"))
SCHEMA = build_schema((ROOT / "schema/graphrisk_schema/graphql/api.graphql").read_text("utf-8"))


@pytest.mark.parametrize("file", QUERIES, ids=lambda file: file.stem)
def test_every_operation_is_one_that_the_service_answers(file: Path) -> None:
    assert validate(SCHEMA, parse(file.read_text(encoding="utf-8"))) == []


def test_every_operation_is_used() -> None:
    index = (SOURCES / "queries" / "index.ts").read_text(encoding="utf-8")
    assert sorted(re.findall(r'"\./(\w+)\.graphql\?raw"', index)) == [one.stem for one in QUERIES]
    code = "".join(
        file.read_text("utf-8") for file in SOURCES.rglob("*.ts*") if file.name != "index.ts"
    )
    named = re.findall(r"default as (\w+)", index)
    assert [name for name in named if not re.search(rf"\b{name}\b", code)] == []


def test_every_word_is_in_both_languages_and_used() -> None:
    words = (SOURCES / "words.ts").read_text(encoding="utf-8")
    table = words[words.index("const WORDS") : words.index("as const satisfies")]
    pairs = re.findall(r'(\w+): \[\s*"([^"]*)",\s*"([^"]*)",?\s*\]', table)
    assert len(pairs) == len(re.findall(r"^  \w+: \[", table, re.MULTILINE))
    for key, zh, en in pairs:
        assert re.search(r"[\u4e00-\u9fff]", zh), key
        assert not re.search(r"[\u4e00-\u9fff]", en), key
        assert sorted(re.findall(r"\{\w+\}", zh)) == sorted(re.findall(r"\{\w+\}", en)), key
    code = "".join(
        file.read_text("utf-8") for file in SOURCES.rglob("*.ts*") if file.name != "words.ts"
    )
    plain = [key for key, _, _ in pairs if not key.isupper() and not key.startswith("working_")]
    assert [key for key in plain if f'"{key}"' not in code] == []
