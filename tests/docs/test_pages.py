"""Pages name everything there is: settings, errors, exit codes, licences."""

from __future__ import annotations

import re
import tomllib

from graphrisk.cli.exits import Exit, exit_code
from graphrisk.cli.reference import render as command_line_page
from graphrisk.settings import Settings
from graphrisk_schema.model import EdgeKind, NodeKind
from graphrisk_schema.reader import load_schema
from scripts.generate import ROOT
from scripts.pages import error_page, error_types, settings


def test_every_setting_is_told_with_its_variable_and_default() -> None:
    page = settings()
    for name, field in Settings.model_fields.items():
        assert field.description, name
        (row,) = re.findall(rf"^\| `GRAPHRISK_{name.upper()}` \|.*$", page, re.MULTILINE)
        assert field.description in row
        assert field.default is None or f"`{field.default}`" in row
    assert re.findall(r"`GRAPHRISK_(\w+)`[^\n]*\| yes \|", page) == [
        "STORE_PASSWORD",
        "ID_SECRET",
        "NOTICES_KEY",
    ]


def test_every_error_has_a_code_a_status_an_exit_code_and_two_languages() -> None:
    page, errors = error_page(), error_types()
    assert len({error.code for error in errors}) == len(errors)
    for error in errors:
        start = f"| `{error.code}` | {error.status} | {exit_code(error(''))} |"
        (row,) = [line for line in page.splitlines() if line.startswith(start)]
        assert re.search(r"[\u4e00-\u9fff]", row)


def test_every_exit_code_is_explained() -> None:
    page = command_line_page()
    assert [code.name for code in Exit if f"| {code.value} | {code.name} | " not in page] == []


def test_every_label_of_the_vocabulary_is_in_both_languages() -> None:
    kinds: dict[str, NodeKind | EdgeKind] = {**load_schema().nodes, **load_schema().edges}
    for kind in kinds.values():
        for label in (kind, *kind.properties):
            assert re.fullmatch(r"[\u4e00-\u9fff]+", label.label_zh), label.name
            assert label.label_en.isascii(), label.name


def test_every_dependency_has_its_licence_told() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split(r"[<>=\[ ]", one)[0] for one in project["dependencies"]}
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| ([a-z0-9-]+) \| [^|]+ \| [^|]+ \|$", page, re.MULTILINE)
    assert set(told) - {"package"} == needed
