"""Reads on the command line stand in the audit, and are masked without a case."""

from __future__ import annotations

import json
import os
import pwd
import stat
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from graphrisk.cli.app import app
from graphrisk.settings import Settings
from tests.api.town import ACCOUNTS, NAMES, PHONES, SCAM, build
from tests.recorded import Line, block, recorded, unblock

PERSONAL = {*NAMES.values(), *PHONES.values(), *ACCOUNTS.values()}


class Desk:
    """A loaded deployment and its command line."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(store=f"sqlite:///{folder / 'graph.db'}")
        self._lines = 0
        build(self.settings, folder)

    def run(self, *words: str | Path) -> tuple[str, list[Line]]:
        """What a command says, and what it left in the audit."""
        done = CliRunner().invoke(app, [*map(str, words), "--store", self.settings.store])
        assert done.exit_code == 0, done.output
        lines = recorded(self.settings.audit_folder)
        new, self._lines = lines[self._lines :], len(lines)
        return done.output, new


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.mark.parametrize(
    ("words", "purpose", "actions"),
    [
        (("findings",), "investigation", {"findings"}),
        (("findings", "--json"), "investigation", {"findings", "entities"}),
        (("explain", SCAM), "investigation", {"finding", "entities", "evidence", "parts"}),
        (("coverage",), "operation", {"coverage", "entities"}),
        (("doctor",), "operation", {"doctor"}),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
def test_a_read_is_recorded_under_the_name_of_who_ran_the_command(
    desk: Desk, words: tuple[str, ...], purpose: str, actions: set[str]
) -> None:
    _, lines = desk.run(*words)
    assert {line["action"] for line in lines} == actions
    who = f"os:{pwd.getpwuid(os.getuid()).pw_name}"
    assert {(line["principal"], line["purpose"], line["case"]) for line in lines} == {
        (who, purpose, None)
    }
    assert all(int(line["count"] or 0) > 0 for line in lines)


def test_what_lies_beside_the_graph_is_its_owners_alone(tmp_path: Path) -> None:
    """Columns, raw calls and set-aside rows tell of people as the graph does."""
    before = os.umask(0)
    try:
        desk = Desk(tmp_path / "new")
        desk.run("detect")
    finally:
        os.umask(before)
    folder = desk.settings.folder
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert {"snapshot", "raw", "scores"} <= {file.relative_to(folder).parts[0] for file in files}
    for place in (folder, *folder.rglob("*/")):
        assert stat.S_IMODE(place.stat().st_mode) == 0o700, place


def test_an_explanation_names_people_in_a_case_only(desk: Desk, tmp_path: Path) -> None:
    picture = tmp_path / "ring.svg"
    masked, _ = desk.run("explain", SCAM, "--picture", picture)
    assert not any(text in masked + picture.read_text() for text in PERSONAL)
    clear, lines = desk.run("explain", SCAM, "--picture", picture, "--case", "A-7")
    assert any(text in clear for text in PERSONAL)
    assert any(text in picture.read_text() for text in PERSONAL)
    assert {line["case"] for line in lines} == {"A-7"}
    assert "picture" in {line["action"] for line in lines}
    assert stat.S_IMODE(picture.stat().st_mode) == 0o600


def test_an_export_holds_names_and_numbers_in_a_case_only(desk: Desk, tmp_path: Path) -> None:
    _, lines = desk.run("export", "--out", tmp_path / "masked")
    masked = _texts(tmp_path / "masked")
    assert not masked & PERSONAL
    assert [(line["action"], line["purpose"], line["case"]) for line in lines] == [
        ("export", "export", None)
    ]
    assert int(lines[0]["count"] or 0) > len(NAMES)
    _, lines = desk.run("export", "--out", tmp_path / "clear", "--case", "A-7")
    assert _texts(tmp_path / "clear") >= PERSONAL
    assert [line["case"] for line in lines] == ["A-7"]


def test_a_read_that_cannot_be_recorded_is_not_answered(desk: Desk, tmp_path: Path) -> None:
    desk.run("findings")  # whatever test comes first, there is a record
    kept = block(desk.settings.audit_folder)
    for words in (("findings",), ("explain", SCAM), ("export", "--out", str(tmp_path / "out"))):
        done = CliRunner().invoke(app, [*words, "--store", desk.settings.store])
        assert done.exit_code != 0, words
        assert done.output == "", words
    assert not (tmp_path / "out").exists()
    unblock(desk.settings.audit_folder, kept)


def test_who_is_erased_is_asked_first_and_recorded_without_his_key(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    key = sorted(NAMES)[0]
    store = ("--store", desk.settings.store)
    assert CliRunner().invoke(app, ["erase", key, *store], input="n\n").exit_code != 0
    told, lines = desk.run("erase", key, "--yes", "--json")
    assert json.loads(told) == {"persons": 1, "judgements": 0, "other rows": 0}
    assert [(line["action"], line["count"]) for line in lines] == [("erase", 1)]
    assert str(lines[0]["what"]).startswith("person_")
    assert key not in lines[0].values()
    assert CliRunner().invoke(app, ["erase", key, "--yes", *store]).exit_code != 0


def test_after_the_next_detection_no_file_of_the_deployment_names_who_was_erased(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path)
    desk.run("detect")
    key, name = next(iter(NAMES.items()))
    assert _naming(desk.settings, name) != set()
    desk.run("erase", key, "--yes")
    desk.run("detect")
    assert _naming(desk.settings, name) == set()
    assert _naming(desk.settings, NAMES["P2"]) != set(), "others are there as before"


def _naming(settings: Settings, name: str) -> set[str]:
    """Files of a deployment whose bytes hold a name: graph, columns, operations, audit."""
    beside = (settings.folder.rglob("*"), settings.folder.parent.glob("graph.db*"))
    files = [file for found in beside for file in found if file.is_file()]
    return {file.name for file in files if name.encode() in file.read_bytes()}


def _texts(folder: Path) -> set[str]:
    """Every text in any file of an export."""
    return {
        value
        for file in folder.rglob("*.parquet")
        for column in pq.read_table(file).columns
        for value in column.to_pylist()
        if isinstance(value, str)
    }
