"""A mapping is checked whole before a row is read; a complaint names file and key."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from graphrisk_loaders.mapping import Mapping
from graphrisk_loaders.parser import builtin_mappings, parse_mapping, read_mappings
from graphrisk_loaders.said import MappingError

Said = dict[str, object]
STATES: Said = {
    "name": "people",
    "files": ["people*.csv"],
    "format": "csv",
    "mode": "full",
    "id": "no",
    "nodes": [{"kind": "Person", "key": "no", "properties": {"name": "called"}}],
}
TRANSFERRED: Said = {
    "kind": "TRANSFERRED",
    "from": {"kind": "Account", "key": "a"},
    "to": {"kind": "Account", "key": "b"},
    "properties": {"at": {"column": "t", "as": "time"}},
}
EVENTS: Said = {
    "name": "moves",
    "files": ["moves.csv"],
    "format": "csv",
    "mode": "events",
    "id": ["a", "t"],
    "edges": [TRANSFERRED],
}
CALLS: Said = {
    "kind": "CALLED",
    "from": {"kind": "Phone", "key": "a"},
    "to": {"kind": "Phone", "key": "b"},
    "at": {"column": "t", "as": "time"},
    "seconds": {"column": "s", "as": "int"},
}


def parsed(said: object) -> Mapping:
    return parse_mapping(yaml.safe_dump(said, allow_unicode=True), "mine.yaml")


def node(**properties: object) -> Said:
    return {"nodes": [{"kind": "Person", "key": "no", "properties": properties}]}


def test_the_shipped_mappings_are_sound() -> None:
    found = builtin_mappings()
    assert len({mapping.name for mapping in found}) == len(found) >= 13
    assert all(mapping.columns or mapping.identity == ("$row",) for mapping in found)


def test_every_shipped_mapping_says_in_both_languages_what_it_is() -> None:
    for mapping in builtin_mappings():
        assert re.search(r"[\u4e00-\u9fff]", mapping.about.doc_zh), mapping.name
        assert re.fullmatch(r"[ -~]+", mapping.about.doc_en), mapping.name
    alone, both = parsed(STATES | {"doc": "People."}), {"zh": "人员", "en": "People"}
    assert (alone.about.doc_zh, alone.about.doc_en) == ("", "People.")
    assert parsed(STATES | {"doc": both}).about.doc_zh == "人员"


def test_no_shipped_mapping_reads_a_label() -> None:
    columns = {column for mapping in builtin_mappings() for column in mapping.columns}
    assert not {c for c in columns if any(word in c for word in ("fraud", "label", "suspect"))}
    assert not any(m.accepts(Path("labels.csv")) for m in builtin_mappings())


def test_defaults() -> None:
    mapping = parsed(STATES)
    assert (mapping.encoding, mapping.delimiter, mapping.time_zone) == (
        "utf-8",
        ",",
        "Asia/Shanghai",
    )
    assert mapping.columns == ("no", "called")
    assert mapping.accepts(Path("in/people-3.csv"))
    assert not mapping.accepts(Path("people.csv/other.txt"))


def test_columns_are_named_once_in_the_order_of_use() -> None:
    assert parsed(EVENTS).columns == ("a", "t", "b")
    said = {k: v for k, v in EVENTS.items() if k != "edges"} | {"calls": CALLS, "id": "$row"}
    assert parsed(said).columns == ("a", "b", "t", "s")


TWELVE_HOURS = {"column": "x", "as": "time", "format": "%Y-%m-%d %I:%M"}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"name": "../up"}, "name: letters, digits"),
        ({"name": None}, "name: is missing"),
        ({"files": "people.csv"}, "files: must be a list of texts, not 'people.csv'"),
        ({"files": []}, r"files: must be a list of texts, not \[\]"),
        ({"files": ["a.csv", ""]}, "files: must be a list of texts, and '' is none"),
        ({"files": ["a.csv", 7]}, "files: must be a list of texts, and 7 is none"),
        ({"files": ["in/a.csv"]}, "files: 'in/a.csv' fits no name: names hold no /"),
        ({"files": [".a.csv"]}, "files: '.a.csv' fits nothing: files whose names begin with a dot"),
        ({"files": ["a[9-0].csv"]}, r"files: 'a\[9-0\]\.csv' fits no name: its brackets hold no"),
        ({"files": ["a\x00.csv"]}, "files: 'a.x00.csv' holds a control sign"),
        ({"format": "xls"}, "format: 'xls' is none of csv, jsonl, parquet, xlsx"),
        ({"sheet": "S"}, "sheet: belongs to xlsx"),
        ({"owner": {"zh": "市公安局"}}, r"owner\.en: is missing"),
        ({"doc": {"en": "People"}}, r"doc\.zh: is missing"),
        ({"every": "sometimes"}, "every: must be a time like 24 hours or 7 days"),
        ({"every": "0 days"}, "every: must be a time like"),
        ({"reliability": "Z"}, "reliability: 'Z' is none of A, B, C, D, E, F"),
        ({"mode": "sometimes"}, "mode: 'sometimes' is none of"),
        ({"mode": "events"}, "mode: events does not fit Person"),
        ({"encoding": "latin1"}, "encoding: 'latin1' is none of utf-8, gb18030"),
        ({"delimiter": "||"}, "delimiter: must be one ASCII sign"),
        ({"delimiter": "，"}, "delimiter: must be one ASCII sign"),
        ({"delimiter": '"'}, "delimiter: must be one ASCII sign"),
        ({"time_zone": "Mars/Olympus"}, "time_zone: 'Mars/Olympus' is not known"),
        ({"time_zone": "../../etc/passwd"}, "time_zone: "),
        ({"id": []}, "id: must be a list of texts"),
        ({"id": 7}, "id: must be a text, not 7: in quotes it is one"),
        ({"id": float("nan")}, "id: must be a text, not .nan: in quotes it is one"),
        ({"id": date(2024, 1, 2)}, "id: must be a text, not 2024-01-02: in quotes it is one"),
        ({"id": ["no", True]}, "id: must be a list of texts, and true is none"),
        ({"id": ""}, "id: must be a text, not an empty one"),
        ({"time_zone": {"a": 1}}, "time_zone: must be a text, not keys with values$"),
        ({7: "no"}, "a key must be a text, not 7: in quotes it is one"),
        (
            {"aliases": {True: ["x"]}},
            "aliases: a key must be a text, not true: in quotes it is one",
        ),
        ({"nodes": [{"kind": 7, "key": "no"}]}, r"nodes\.7\.kind: must be a text, not 7"),
        ({"key": "no"}, "key: no such key here; known are name"),
        ({"aliases": {"nom": ["x"]}}, "aliases: nom is no column"),
        ({"aliases": {"called": ["no"]}}, "aliases: called is no column, or no is one as well"),
        ({"aliases": {"called": ["x"], "no": ["x"]}}, r"aliases\.no: 'x' stands twice"),
        ({"aliases": {"called": "x"}}, r"aliases\.called: must be a list of texts"),
        ({"nodes": None}, "nodes: must be a list"),
        ({"nodes": []}, "nodes: a mapping states nodes, edges or calls"),
        ({"nodes": ["Person"]}, r"nodes\.\?: must be keys with values, not 'Person'$"),
        ({"nodes": [{"kind": "Ghost", "key": "no"}]}, r"nodes\.Ghost\.kind: no such node kind"),
        ({"nodes": [{"kind": "Person"}]}, r"nodes\.Person\.key: is missing"),
        ({"calls": CALLS}, "calls: stand alone"),
        ({"edges": [TRANSFERRED]}, "mode: full does not fit TRANSFERRED"),
        (node(nom="x"), r"nodes\.Person\.properties\.nom: no such key here; known are name"),
        (node(name=3), r"nodes\.Person\.properties\.name: must be keys with values, not 3$"),
        (node(name={"as": "text"}), r"properties\.name\.column: is missing"),
        (node(name={"column": "x", "as": "magic"}), r"name\.as: 'magic' is none of text"),
        (node(birth_year="x"), r"birth_year\.as: text gives no int: int does"),
        (node(id="x"), r"id\.as: text gives no token: identity does"),
        (node(id_token="x"), "id_token: no such key here"),
        (node(name={"column": "x", "as": "map"}), r"name\.values: must say which value"),
        (node(name={"column": "x", "format": "%Y"}), r"name\.format: belongs to time"),
        (node(name={"constant": "x", "column": "y"}), r"name\.constant: stands alone"),
        (node(name={"column": "x", "cloumn": "y"}), "cloumn: no such key here"),
        (
            {"nodes": [{"kind": "Person", "key": "no", "optional": True}]},
            "Person: the first of a mapping is not optional",
        ),
        (
            {"nodes": [{"kind": "Person", "key": "no", "optional": "yes"}]},
            "optional: must be true or false, not 'yes'",
        ),
        (
            {"nodes": [{"kind": "Person", "key": "no", "valid_from": "x"}]},
            r"valid_from\.as: text gives no time: time or epoch_ms or days_after does",
        ),
        (
            {
                "nodes": [
                    {
                        "kind": "Person",
                        "key": "no",
                        "valid_to": {"column": "x", "as": "time", "format": "%Q"},
                    }
                ]
            },
            r"valid_to\.format: '%Q' is no form of times",
        ),
        (
            {"nodes": [{"kind": "Person", "key": "no", "valid_to": TWELVE_HOURS}]},
            r"valid_to\.format: '%Y-%m-%d %I:%M' is no form of times",
        ),
        (
            {
                "nodes": [
                    {
                        "kind": "Person",
                        "key": "no",
                        "valid_to": {"column": "x", "as": "days_after", "start": "soon"},
                    }
                ]
            },
            r"valid_to\.start: 'soon' is no date",
        ),
        (
            {
                "nodes": [
                    {
                        "kind": "Person",
                        "key": "no",
                        "valid_to": {"column": "x", "as": "days_after", "start": None},
                    }
                ]
            },
            r"valid_to\.start: null is no date",
        ),
    ],
)
def test_a_complaint_about_states_names_file_and_key(change: Said, complaint: str) -> None:
    with pytest.raises(MappingError, match=r"^mine\.yaml: .*" + complaint):
        parsed(STATES | change)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"properties": {}}, r"edges\.TRANSFERRED\.properties\.at: is missing"),
        ({"to": {"kind": "Person", "key": "b"}}, r"TRANSFERRED\.to\.kind: 'Person' is none of"),
        ({"to": "b"}, r"edges\.TRANSFERRED\.to: must be keys with values, not 'b'$"),
        ({"valid_from": {"column": "t", "as": "time"}}, "valid_from: events have no validity"),
        ({"kind": "CALLED"}, r"edges\.CALLED\.kind: sums are loaded as calls"),
        ({"kind": "KNOWS"}, r"edges\.KNOWS\.kind: no such edge kind"),
    ],
)
def test_a_complaint_about_events_names_file_and_key(change: Said, complaint: str) -> None:
    with pytest.raises(MappingError, match=r"^mine\.yaml: .*" + complaint):
        parsed(EVENTS | {"edges": [TRANSFERRED | change]})


def test_two_facts_of_one_kind_between_the_same_kinds_are_told_apart_by_name() -> None:
    holds = {"kind": "HOLDS", "to": {"kind": "Account", "key": "a"}}
    first = {**holds, "from": {"kind": "Person", "key": "no"}}
    second = {**holds, "from": {"kind": "Person", "key": "joint"}}
    with pytest.raises(MappingError, match=r"mine\.yaml: HOLDS: stands twice .* a name"):
        parsed({**STATES, "edges": [first, second]})
    found = parsed({**STATES, "edges": [first, {**second, "name": "joint"}]})
    assert len({target.label for target in found.targets}) == 3


def test_a_complaint_about_calls_names_file_and_key() -> None:
    calls = {k: v for k, v in EVENTS.items() if k != "edges"} | {"calls": CALLS}
    for change, complaint in (
        ({"kind": "HOLDS"}, r"calls\.kind: no such kind of sums"),
        ({"at": "t"}, r"calls\.at\.as: text gives no time"),
        ({"seconds": {"column": "s", "as": "float"}}, r"calls\.seconds\.as: float gives no int"),
    ):
        with pytest.raises(MappingError, match=complaint):
            parsed(calls | {"calls": CALLS | change})
    with pytest.raises(MappingError, match="mode: full does not fit calls"):
        parsed(calls | {"mode": "full"})


@pytest.mark.parametrize(
    "text",
    [
        *("", "- a", "7", "a: [", "\tname: x", "? [1]\n: 2"),
        *("id: 2024-02-30", "id: 0b_", "name: " + "[" * 3000, "name: a\nname: b"),
    ],
)
def test_what_is_no_mapping_at_all(text: str) -> None:
    with pytest.raises(MappingError, match=r"^mine\.yaml: "):
        parse_mapping(text, "mine.yaml")


def place(kind: str = "GridCell", **more: object) -> Said:
    return {"nodes": [{"kind": kind, "key": "no", **more}]}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (place(position={"lon": "x", "lat": "y"}), r"GridCell\.position\.crs: is missing"),
        (
            place(position={"lon": "x", "lat": "y", "crs": "wgs-84"}),
            r"position\.crs: 'wgs-84' is none of wgs84, gcj02, bd09",
        ),
        (place(position={"lon": "x", "crs": "gcj02"}), r"position\.lat: is missing"),
        (place("Person", position={"lon": "x", "lat": "y", "crs": "gcj02"}), "Person has none"),
        (
            place(properties={"lon": {"column": "x", "as": "float"}}),
            r"GridCell\.properties: lon and lat are said by position",
        ),
        (
            place(properties={"boundary": {"column": "x", "as": "boundary"}}),
            r"boundary\.crs: is missing",
        ),
        (
            place(properties={"boundary": {"column": "x", "crs": "gcj02"}}),
            r"boundary\.crs: belongs to boundary",
        ),
    ],
)
def test_how_a_source_writes_positions_is_declared(change: Said, complaint: str) -> None:
    with pytest.raises(MappingError, match=r"^mine\.yaml: nodes\..*" + complaint):
        parsed(STATES | change)


def test_columns_of_a_position_are_read() -> None:
    where = {"lon": "经度", "lat": "纬度", "crs": "bd09"}
    assert parsed(STATES | place(position=where)).columns == ("no", "经度", "纬度")


def test_a_folder_of_mappings(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="no mapping"):
        read_mappings(tmp_path)
    (tmp_path / "one.yaml").write_text(yaml.safe_dump(STATES))
    (tmp_path / "two.yaml").write_text(yaml.safe_dump(EVENTS))
    assert [mapping.name for mapping in read_mappings(tmp_path)] == ["people", "moves"]
    assert [mapping.name for mapping in read_mappings(tmp_path / "two.yaml")] == ["moves"]
    (tmp_path / "two.yaml").write_text(yaml.safe_dump(STATES))
    with pytest.raises(MappingError, match=r"two\.yaml: name: 'people' is another"):
        read_mappings(tmp_path)
    (tmp_path / "two.yaml").write_bytes(b"\xff\xff")
    with pytest.raises(MappingError, match="cannot be read"):
        read_mappings(tmp_path)


@pytest.mark.parametrize("zone", ["Factory", "posix/Asia/Shanghai", "Asia", "Mars/Phobos"])
def test_a_zone_must_be_known_to_all_that_count_with_it(zone: str) -> None:
    with pytest.raises(MappingError, match=r"time_zone: .* is not known"):
        parsed(STATES | {"time_zone": zone})


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ("{no: x}", "false"),
        ("{01: x}", "1"),
        ("{a: null}", "null"),
        ("{a: 2024-01-01}", "2024-01-01"),
    ],
)
def test_values_that_yaml_takes_for_something_else_must_be_quoted(values: str, told: str) -> None:
    name = {"column": "called", "as": "map", "values": yaml.safe_load(values)}
    with pytest.raises(MappingError, match=rf"values: {told} is no text: put it in quotes"):
        parsed(STATES | node(name=name))


@pytest.mark.parametrize("sign", ["\x00", "\x1f", "\x7f", "\ud800"])
@pytest.mark.parametrize(
    ("name", "key"),
    [
        ({"column": "called", "as": "map", "values": {"a": "x%sy"}}, "values"),
        ({"column": "called", "as": "map", "values": {"a%s": "x"}}, "values"),
        ({"constant": "x%sy"}, "constant"),
        ({"column": "x%s"}, "column"),
    ],
)
def test_no_control_sign_comes_in_by_a_mapping(sign: str, name: Said, key: str) -> None:
    text = json.dumps({**STATES, **node(name=name)}).replace("%s", json.dumps(sign)[1:-1])
    place = rf"mine\.yaml: nodes\.Person\.properties\.name\.{key}: '.*' holds a control sign"
    with pytest.raises(MappingError, match=place):
        parse_mapping(text, "mine.yaml")


def test_a_control_sign_may_part_columns() -> None:
    assert parsed(STATES | {"delimiter": "\x01"}).delimiter == "\x01"


def test_what_cannot_be_read_is_told_with_file_key_and_value() -> None:
    text = yaml.safe_dump(STATES).replace("key: 'no'", "key: 2024-02-30")
    with pytest.raises(
        MappingError, match=r"^mine\.yaml: nodes\.key: line \d+: '2024-02-30' looks"
    ):
        parse_mapping(text, "mine.yaml")
