"""Real networks laid over citizens: what is read as an edge list, and what becomes of it."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from graphrisk_loaders.synth.city import CityReport, write_city
from graphrisk_loaders.synth.templates import TemplateError, read_template, read_templates
from tests.loaders.synth.own import preset_of
from tests.loaders.synth.raw import RawCity

#: A star of five around 7, whose ray 3 leads on to 5; 7 and 3 are told in two layers.
STAR = "layer,src,dst,w\n0,7,1,1\n0,7,2,1\n0,7,3,9\n1,3,7,1\n0,4,7,1\n0,3,5,1\n0,2,2,1\n"
PAIRS = {("7", "1"), ("7", "2"), ("7", "3"), ("7", "4"), ("3", "5")}


def _file(folder: Path, text: str, name: str = "net.csv") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def _laid(folder: Path, templates: Path, **changes: object) -> tuple[CityReport, RawCity]:
    preset = preset_of(folder, {}, **{"people": 2000, **changes})
    report = write_city(preset, 1, folder / "city", lambda *_: None, templates=templates)
    return report, RawCity(folder / "city")


@pytest.mark.parametrize(
    "text",
    [
        STAR,
        "Source;Target;Weight\n7;1;2\n7;2;1\n7;3;10\n\n7;4;1\n3;5;1\n",
        "from\tto\n7\t1\n7\t2\n7\t3\n4\t7\n3\t5\n",
        "7,1\n7,2\n7,3\n7,4\n3,5\n",
        "\ufeff7,1,0.5\r\n7,2,1\r\n7,3,8\r\n7,4,1\r\n3,5,1\r\n",
    ],
)
def test_an_edge_list_may_be_written_in_several_ways(text: str, tmp_path: Path) -> None:
    net = read_template(_file(tmp_path, text), "net")
    assert (net.size, len(net.src)) == (6, 5)
    ties = Counter([*net.src.tolist(), *net.dst.tolist()])
    assert sorted(ties.values()) == [1, 1, 1, 1, 2, 4]


def test_layers_and_directions_are_one_tie_and_their_weights_add_up(tmp_path: Path) -> None:
    net = read_template(_file(tmp_path, STAR), "net")
    assert sorted(net.weight.tolist()) == [1, 1, 1, 1, 10]


def test_a_folder_names_its_networks_and_lists_of_nodes_are_none(tmp_path: Path) -> None:
    for name in ("b/edges.csv", "a.csv", "c/deep.csv"):
        _file(tmp_path, STAR, name)
    _file(tmp_path, "id,Role\n1,2\n", "b/nodes.csv")
    _file(tmp_path, "what this is", "README.md")
    assert [net.name for net in read_templates(tmp_path)] == ["a", "b", "c/deep"]
    assert [net.name for net in read_templates(tmp_path / "b")] == ["b"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("who,whom\n1,2\n", r"net\.csv:1: names no ends \(src, dst or source, target"),
        ("src,dst\n1,2\n\n3,\n", r"net\.csv:4: a tie with one end"),
        ("src,dst\n1,2\n3\n", r"net\.csv:3: has too few columns"),
        ("src,dst,w\n1,2,1\n2,3,often\n", r"net\.csv:3: 'often' is no weight above 0"),
        ("src,dst,w\n1,2,0\n", r"net\.csv:2: '0' is no weight above 0"),
        ("src,dst,w\n1,2,nan\n", r"net\.csv:2: 'nan' is no weight above 0"),
        ("src,dst\n1,1\n", r"net\.csv: holds no tie"),
        ("", r"net\.csv: holds no tie"),
        ('src,dst\n"1,2\n', r"net\.csv:2: not CSV"),
        ("".join(f"{n},{n + 1}\n" for n in range(2000)), r"net\.csv: has 2001 members; 2000 at"),
    ],
)
def test_what_is_no_edge_list_is_told_with_file_and_line(
    text: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(TemplateError, match=told):
        read_template(_file(tmp_path, text), "net")


def test_bytes_that_are_no_text_and_a_folder_without_networks_are_told(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"no edge list \(\*\.csv\) in this folder"):
        read_templates(tmp_path)
    (tmp_path / "net.csv").write_bytes(b"src,dst\n1,2\n\xff,3\n")
    with pytest.raises(TemplateError, match=r"net\.csv:3: not UTF-8"):
        read_templates(tmp_path)


def test_more_members_than_adults_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    for number in range(2):
        path = "".join(f"{n},{n + 1}\n" for n in range(300))
        _file(tmp_path / "nets", path, f"{number}.csv")
    with pytest.raises(TemplateError, match=r"602 members in all, but only \d+ adults"):
        _laid(tmp_path, tmp_path / "nets", people=500)
    assert not (tmp_path / "city").exists()


@pytest.mark.parametrize("level", [0, 3])
def test_members_call_each_other_along_the_ties_and_nowhere_else(
    level: int, tmp_path: Path
) -> None:
    _file(tmp_path / "nets", STAR, "star/edges.csv")
    report, city = _laid(
        tmp_path, tmp_path / "nets", levels=[level], calls_per_tie=0.0, strangers=0.0
    )
    assert report.rings == {"template": 1}
    (ring,) = city.rows("truth/rings.csv")
    assert (ring["kind"], ring["level"], ring["shape"]) == ("template", str(level), "star")
    role = {row["key"]: row["role"] for row in city.members() if row["node_kind"] == "Phone"}
    calls = Counter(
        tuple(sorted(pair)) for pair in zip(city.calls["caller"], city.calls["callee"], strict=True)
    )
    assert {one for pair in calls for one in pair} == role.keys()
    assert len(calls) == len(PAIRS)
    roles = Counter(tuple(sorted(role[one] for one in pair)) for pair in calls)
    assert roles == {
        ("organiser", "outer"): 3,
        ("broker", "organiser"): 1,
        ("broker", "outer"): 1,
    }
    (strongest, _), *_ = calls.most_common(1)
    assert {role[one] for one in strongest} == {"organiser", "broker"}
    owner = {row["number"]: row["owner_id"] for row in city.rows("phones.csv")}
    persons = {row["key"] for row in city.members() if row["node_kind"] == "Person"}
    assert {owner[number] for number in role} == persons
    assert len(persons) == 6


def test_every_network_is_a_ring_of_its_own_people_at_the_levels_in_turn(tmp_path: Path) -> None:
    rng = random.Random(1)
    for name in ("x", "y", "z"):
        pairs = rng.sample(list(combinations(range(12), 2)), 25)
        _file(tmp_path / "nets", "".join(f"{a},{b}\n" for a, b in pairs), f"{name}.csv")
    _, city = _laid(tmp_path, tmp_path / "nets", levels=[0, 3])
    told = [(row["shape"], row["level"]) for row in city.rows("truth/rings.csv")]
    assert told == [("x", "0"), ("y", "3"), ("z", "0")]
    everybody = [row["key"] for row in city.members() if row["node_kind"] == "Person"]
    assert len(everybody) == len(set(everybody)) == 36


def test_the_same_templates_give_the_same_bytes(tmp_path: Path) -> None:
    _file(tmp_path / "nets", STAR, "star.csv")
    files = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        _, city = _laid(tmp_path / name, tmp_path / "nets")
        files.append({f.name: f.read_bytes() for f in city.folder.rglob("*") if f.is_file()})
    assert files[0] == files[1]
