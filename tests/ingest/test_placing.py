"""What has a position is placed in the one grid cell that owns it, and moves when that changes."""

from __future__ import annotations

import numpy as np
import pytest

from graphrisk.ingest.placing import Placing
from graphrisk.store.contract import AsOf
from graphrisk_loaders.coordinates import from_wgs84
from tests.ingest.factory import DAY, START, Desk, Document, csv, rejects

CELLS = "code,name,kind,area_code,lon,lat,boundary"
ADDRESSES = "address_code,address,lon,lat"
WEST, SOUTH, SIDE = 118.08, 24.48, 0.004


def cell(code: str, column: float, width: float = 1) -> str:
    """A row of grid_cells.csv: a rectangle so many sides east of the first."""
    west, east = WEST + column * SIDE, WEST + (column + width) * SIDE
    north = SOUTH + SIDE
    ring = f"{west} {SOUTH}, {east} {SOUTH}, {east} {north}, {west} {north}, {west} {SOUTH}"
    return f'{code},{code},community,350206001001,{west},{SOUTH},"POLYGON (({ring}))"'


def cells(*rows: str) -> str:
    return "\n".join([CELLS, *rows]) + "\n"


def address(code: str, column: float) -> tuple[object, ...]:
    """A row of addresses.csv, on the map service's map."""
    lon, lat = from_wgs84(np.array([WEST + column * SIDE]), np.array([SOUTH + SIDE / 2]), "gcj02")
    return code, f"{code}号", f"{lon[0]:.9f}", f"{lat[0]:.9f}"


def located(desk: Desk, as_of: AsOf | None = None) -> dict[str, str]:
    """Code of the cell by code of the address."""
    reader = desk.reader
    at = as_of or AsOf()
    found = {}
    for kind, key in (("Address", f"D{n}") for n in range(9)):
        (nid,) = reader.lookup(kind, [key])
        edges = [e for e in desk.edges("LOCATED_IN") if e["src"] == nid and _holds(e, at)]
        assert len(edges) <= 1
        for edge in edges:
            (node,) = reader.get_nodes(np.array([edge["dst"]]))["GridCell"].to_pylist()
            found[key] = node["key"]
    return found


def _holds(edge: Document, at: AsOf) -> bool:
    moment = START + 1000 * DAY if at.valid_at is None else at.valid_at
    known = START + 1000 * DAY if at.known_at is None else at.known_at
    return bool(
        edge["valid_from"] <= moment < edge["valid_to"]
        and edge["known_from"] <= known < edge["known_to"]
    )


def test_addresses_lie_in_the_cell_that_owns_them(any_desk: Desk) -> None:
    rows = [address("D1", 0.5), address("D2", 1), address("D3", 1.9), address("D4", 5)]
    any_desk.deliver("addresses.csv", csv(ADDRESSES, [*rows, ("D5", "未知", "", "")]))
    any_desk.deliver("grid_cells.csv", cells(cell("G2", 0), cell("G1", 1)))
    report = any_desk.load()
    assert [file.rejected for file in report.files] == [0, 0]
    # D2 lies on the common border (up to the centimetre): the first code has it.
    assert located(any_desk) == {"D1": "G2", "D2": "G1", "D3": "G1"}
    assert any_desk.load().version == report.version, "the same again changes nothing"


def test_when_a_boundary_moves_its_addresses_move_and_history_stays(any_desk: Desk) -> None:
    any_desk.deliver("grid_cells.csv", cells(cell("G1", 0), cell("G2", 1)))
    any_desk.load()
    any_desk.deliver("addresses.csv", csv(ADDRESSES, [address("D1", 0.5), address("D2", 0.9)]))
    any_desk.load()
    before = AsOf(known_at=any_desk.clock.now_ms())
    assert located(any_desk) == {"D1": "G1", "D2": "G1"}
    any_desk.deliver("grid_cells.csv", cells(cell("G1", 0, 0.7), cell("G2", 0.7, 1.3)))
    any_desk.load()
    assert located(any_desk) == {"D1": "G1", "D2": "G2"}
    assert located(any_desk, before) == {"D1": "G1", "D2": "G1"}
    any_desk.deliver("grid_cells.csv", cells(cell("G2", 0.7, 1.3)))
    any_desk.load()
    assert located(any_desk) == {"D2": "G2"}, "who lost the cell is nowhere"
    any_desk.deliver("addresses.csv", csv(ADDRESSES, [address("D1", 1.1), ("D2", "x", "", "")]))
    any_desk.load()
    assert located(any_desk) == {"D1": "G2"}


def test_other_deliveries_place_nothing_anew(desk: Desk) -> None:
    desk.deliver("grid_cells.csv", cells(cell("G1", 0)))
    desk.deliver("addresses.csv", csv(ADDRESSES, [address("D1", 0.5)]))
    first = desk.load().version
    desk.deliver("persons.csv", csv("person_id,name,birth_year,id_number,grid_code", []), "gb18030")
    assert desk.load().version == first


def test_a_load_that_dies_before_placing_is_mended_by_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.deliver("grid_cells.csv", cells(cell("G1", 0)))
    desk.deliver("addresses.csv", csv(ADDRESSES, [address("D1", 0.5)]))
    with monkeypatch.context() as broken:
        broken.setattr(Placing, "run", lambda _self: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            desk.load()
    assert located(desk) == {}
    assert {file.loaded for file in desk.load().files} == {0}
    assert located(desk) == {"D1": "G1"}


@pytest.mark.parametrize(
    ("lon", "lat", "column", "reason"),
    [
        ("east", "24.48", "lon", "not a finite number"),
        ("181", "24.48", "lon", "not between -180 and 180 degrees"),
        ("24.48", "118.08", "lat", "not between -90 and 90 degrees"),  # the other way round
        ("118.08", "", "lat", "missing: a position has both"),
        ("", "24.48", "lon", "missing: a position has both"),
    ],
)
def test_a_position_that_is_none_is_set_aside(
    desk: Desk, lon: str, lat: str, column: str, reason: str
) -> None:
    rows = [("D1", "a", "118.08", "24.48"), ("D2", "b", lon, lat), ("D3", "c", "", "")]
    report = desk.load_one("addresses.csv", csv(ADDRESSES, rows))
    assert (report.loaded, report.rejected) == (2, 1)
    assert [(r["line"], r["column"], r["reason"]) for r in rejects(report)] == [(3, column, reason)]


@pytest.mark.parametrize("crs", ["wgs84", "gcj02", "bd09"])
def test_each_mapping_declares_how_its_positions_are_written(desk: Desk, crs: str) -> None:
    mapping = desk.mapping(
        "name: places\nfiles: [places.csv]\nformat: csv\nmode: full\nid: code\nnodes:\n"
        "  - kind: Address\n    key: code\n"
        f"    position: {{lon: 经度, lat: 纬度, crs: {crs}}}\n"
    )
    lon, lat = from_wgs84(np.array([WEST, 2.35]), np.array([SOUTH, 48.86]), crs)  # type: ignore[arg-type]
    rows = [(f"D{n}", f"{lon[n]:.9f}", f"{lat[n]:.9f}") for n in range(2)]
    desk.deliver("places.csv", csv("code,经度,纬度", rows))
    desk.load(mapping)
    for key, where in (("D0", (WEST, SOUTH)), ("D1", (2.35, 48.86))):
        node = desk.node("Address", key)
        assert node is not None
        assert (node["lon"], node["lat"]) == pytest.approx(where, abs=1e-8)


def test_a_boundary_that_is_none_is_set_aside(desk: Desk) -> None:
    broken = cell("G2", 1).replace("POLYGON", "CIRCLE")
    report = desk.load_one("grid_cells.csv", cells(cell("G1", 0), broken))
    ((line, column),) = [(r["line"], r["column"]) for r in rejects(report)]
    assert (line, column) == (3, "boundary")
