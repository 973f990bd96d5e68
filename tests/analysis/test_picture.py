"""A ring drawn: everybody has a place, a shape and a colour, and money has a direction."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.analysis.model import Finding
from graphrisk.analysis.picture import picture
from graphrisk.analysis.run import detect
from graphrisk.analysis.service import Findings
from graphrisk.core.clock import ManualClock
from graphrisk.store.contract import Reader
from graphrisk.store.operations.database import Database
from graphrisk.store.sqlite.store import SqliteStore
from tests.algorithms.planted import plant_scam_cell
from tests.algorithms.towns import ordinary_town
from tests.analysis.stores import fill

_SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> tuple[Finding, Reader]:
    """A scam cell as detection found it."""
    folder = tmp_path_factory.mktemp("picture")
    town, citizens = ordinary_town()
    plant_scam_cell(town, citizens)
    store = SqliteStore(folder / "graph.db")
    store.migrate()
    fill(store, town.graph())
    database = Database(f"sqlite:///{folder / 'operations.db'}")
    database.migrate()
    detect(store, folder / "snapshot", database, ManualClock(0), progress=lambda *_: None)
    (found,) = Findings(database, store).page(None, 1, "scam_cell").items
    return found, store.reader(EVERYTHING, Purpose("test"))


def _nodes(svg: str) -> dict[str, tuple[str, str]]:
    """Shape and colour of each captioned node."""
    nodes = {}
    for group in ElementTree.fromstring(svg).iter(f"{_SVG}g"):
        path, text = group.find(f"{_SVG}path"), group.find(f"{_SVG}text")
        if path is not None and text is not None and text.text:
            nodes[text.text] = (path.get("d", ""), path.get("fill", ""))
    return nodes


def test_every_member_is_drawn_once_by_kind_and_role(ring: tuple[Finding, Reader]) -> None:
    finding, reader = ring
    nodes = _nodes(picture(finding, reader, {m.nid: f"n{m.nid}" for m in finding.members}))
    assert set(nodes) == {f"n{member.nid}" for member in finding.members}
    drawn = {(m.kind, m.role): nodes[f"n{m.nid}"] for m in finding.members}
    assert drawn["Account", "mule"][0] == drawn["Account", "victim"][0]
    assert drawn["Account", "mule"][1] != drawn["Account", "victim"][1]
    assert drawn["Person", "caller"][0] != drawn["Phone", "caller"][0]
    assert drawn["Person", "caller"][1] == drawn["Phone", "caller"][1]


def test_money_has_a_direction_and_holders_stand_beside_their_accounts(
    ring: tuple[Finding, Reader],
) -> None:
    finding, reader = ring
    lines = list(ElementTree.fromstring(picture(finding, reader, {})).iter(f"{_SVG}line"))
    money = [line for line in lines if line.get("class") == "money"]
    assert money
    assert all(line.get("marker-end") == "url(#money)" for line in money)
    assert {line.findtext(f"{_SVG}title") for line in lines} >= {"TRANSFERRED", "CALLED", "HOLDS"}


def test_captions_are_text_and_masked_ones_are_short(ring: tuple[Finding, Reader]) -> None:
    finding, reader = ring
    first, second = finding.members[0].nid, finding.members[1].nid
    nodes = _nodes(picture(finding, reader, {first: "<b>&", second: "62*********60"}))
    assert set(nodes) == {"<b>&", "62…60"}


def test_what_is_too_much_to_draw_is_said(ring: tuple[Finding, Reader]) -> None:
    finding, reader = ring
    many = replace(finding, evidence=tuple(range(1_000)))
    assert "700 more edges not drawn" in picture(many, reader, {})
    assert "not drawn" not in picture(finding, reader, {})
