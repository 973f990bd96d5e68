"""One word for one thing: the words of the glossary's last column are used nowhere."""

from __future__ import annotations

import re

import pytest

from scripts.generate import ROOT

FOLDERS = ("graphrisk", "schema", "loaders", "algorithms", "docs", "scripts", "benchmarks")
SUFFIXES = {".py", ".md", ".yaml", ".graphql", ".html", ".ts", ".tsx", ".css"}
GLOSSARY = ROOT / "docs" / "glossary.md"


def rows() -> list[list[str]]:
    """Cells of each row: word, meaning, Chinese word, words never used."""
    lines = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if "|" in line]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def never() -> re.Pattern[str]:
    """A forbidden word, alone or as a part of a snake_case name."""
    words = [word for row in rows() for word in row[3].split(", ") if word]
    return re.compile(rf"(?<![a-z])({'|'.join(map(re.escape, words))})s?(?![a-z])", re.IGNORECASE)


def found_in(text: str) -> list[str]:
    return [match.group(1) for match in never().finditer(text)]


def test_the_forbidden_words_are_not_used() -> None:
    pages = [*ROOT.glob("*.md"), *(f for d in FOLDERS for f in (ROOT / d).rglob("*"))]
    read = [page for page in pages if page.suffix in SUFFIXES and page != GLOSSARY]
    assert len(read) > 100
    used = {str(f.relative_to(ROOT)): found_in(f.read_text(encoding="utf-8")) for f in read}
    assert {name: words for name, words in used.items() if words} == {}


@pytest.mark.parametrize("text", ["a gang of", "vertex_count", "CLUSTERS = 3", "known Vertices"])
def test_a_forbidden_word_is_seen(text: str) -> None:
    assert found_in(text)


def test_every_word_has_a_chinese_one_and_stands_in_order() -> None:
    words = [row[0] for row in rows()]
    assert words == sorted(words)
    assert [row[0] for row in rows() if not re.search(r"[\u4e00-\u9fff]", row[2])] == []
