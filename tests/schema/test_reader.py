"""A vocabulary that is wrong is refused, and the error names the file and the fault."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from graphrisk_schema.model import Nature, PropertyType, Sensitivity
from graphrisk_schema.reader import load_schema, read_schema


@pytest.fixture
def vocabulary(tmp_path: Path) -> Path:
    """A copy of the shipped files."""
    with as_file(files("graphrisk_schema")) as shipped:
        for folder in ("nodes", "edges"):
            shutil.copytree(shipped / folder, tmp_path / folder)
    return tmp_path


def test_what_is_read_is_what_is_written(vocabulary: Path) -> None:
    schema = read_schema(vocabulary)
    assert schema == load_schema()
    assert list(schema.nodes) == sorted(schema.nodes)
    person = schema.nodes["Person"]
    assert (person.label_zh, person.caption, person.key_sensitivity) == (
        "人员", "name", Sensitivity.INTERNAL,
    )  # fmt: skip
    token = next(p for p in person.properties if p.name == "id_token")
    assert (token.type, token.sensitivity) == (PropertyType.TOKEN, Sensitivity.SECRET)
    transferred = schema.edges["TRANSFERRED"]
    assert (transferred.nature, transferred.time, transferred.directed) == (
        Nature.EVENT, "at", True,
    )  # fmt: skip
    assert not schema.edges["ASSOCIATED_WITH"].directed


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("nodes/Person.yaml", "name: Person\n", "name: Human\n", "differs from the file's"),
        ("nodes/Person.yaml", "name: Person\n", "", "name is missing"),
        ("nodes/Person.yaml", "label: {zh: 人员, en: Person}", "label: {en: Person}", "label: zh"),
        ("nodes/Person.yaml", "caption: name", "caption: nick", "caption 'nick' is no property"),
        ("nodes/Person.yaml", "systems: [S4", "systems: [S0", "systems: 0 'S0'"),
        ("nodes/Person.yaml", "systems: [S4, S5, S6, S7]", "systems: S4", "systems is missing"),
        ("nodes/Person.yaml", "properties:", "fields:", "properties: names with values"),
        ("nodes/Person.yaml", "type: token", "type: hash", "id_token: type 'hash' is not one of"),
        ("nodes/Person.yaml", "birth_year:", "birthYear:", "lower_case"),
        ("nodes/Person.yaml", "sensitivity: secret", "sensitivity: top", "sensitivity 'top'"),
        ("nodes/Person.yaml", "search: true", "searched: true", "unknown searched"),
        ("nodes/Person.yaml", "search: true", "search: perhaps", "neither true nor false"),
        ("nodes/Person.yaml", "type: int,", "type: int, search: true,", "only text is searched"),
        ("nodes/Person.yaml", "doc: Calendar", "docs: Calendar", "doc is missing"),
        ("nodes/Account.yaml", "unit: fen", "unit: yuan", "the unit of money is fen"),
        ("nodes/Account.yaml", "unit: ms, ", "", "the unit of time is ms"),
        ("nodes/Account.yaml", "{type: text", "{type: [text", "Account.yaml"),
        ("nodes/Account.yaml", "name: Account", "- Account", "Account.yaml"),
        ("edges/HOLDS.yaml", "to: [Account]", "to: [Purse]", r"unknown kinds \['Purse'\]"),
        ("edges/HOLDS.yaml", "to: [Account]", "to: []", "to is missing or no list"),
        ("edges/HOLDS.yaml", "nature: state", "nature: eternal", "nature 'eternal'"),
        ("edges/HOLDS.yaml", "nature: state", "", "nature None is not one of"),
        ("edges/HOLDS.yaml", "nature: state", "nature: event", "an event, and nothing else"),
        ("edges/TRANSFERRED.yaml", "time: at", "time: amount", "no property of type time"),
        ("edges/TRANSFERRED.yaml", "time: at\n", "", "an event, and nothing else"),
        ("edges/CALLED.yaml", "name: CALLED", "name: CALLED\nweight: 1", "unknown weight"),
    ],
)
def test_a_wrong_file_is_named(vocabulary: Path, file: str, old: str, new: str, fault: str) -> None:
    text = (vocabulary / file).read_text(encoding="utf-8")
    assert old in text
    (vocabulary / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=fault) as raised:
        read_schema(vocabulary)
    assert str(raised.value).startswith(f"{file}: ")


def test_a_file_that_is_no_utf8_text_is_named(vocabulary: Path) -> None:
    (vocabulary / "nodes/Phone.yaml").write_bytes("name: 电话".encode("gb18030"))
    with pytest.raises(ValueError, match=r"^nodes/Phone\.yaml: "):
        read_schema(vocabulary)
