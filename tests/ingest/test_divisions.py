"""Departments write codes of divisions as of different years; the graph knows them as of now."""

from __future__ import annotations

from tests.ingest.factory import Desk, csv, identity_number, rejects
from tests.ingest.sources.seen import ends

AREAS = "code,name,parent"
CHANGES = "原代码,现代码,变更日期"
PERSONS = "person_id,name,birth_year,id_number,grid_code"
NOW, BEFORE, LONG_AGO, DIVIDED = (f"350206{tail}" for tail in ("005001", "101001", "900", "102001"))


def _people(desk: Desk, *codes: str) -> None:
    rows = [
        (f"P{place}", "张三", 1980, identity_number(place), code)
        for place, code in enumerate(codes)
    ]
    desk.deliver("persons.csv", csv(PERSONS, rows), "gb18030")


def _registers(desk: Desk) -> None:
    rows = [
        (NOW, "和平社区", "350206005"),
        ("350206005", "和平街道", ""),
        ("350206006001", "新", ""),
    ]
    desk.deliver("areas.csv", csv(AREAS, rows))
    changes = [
        (BEFORE, NOW, "2016年1月1日"),
        (LONG_AGO, BEFORE, "2010年1月1日"),
        (DIVIDED, NOW, "2016年1月1日"),
        (DIVIDED, "350206006001", "2016年1月1日"),
    ]
    desk.deliver("area_changes.csv", csv(CHANGES, changes), "gb18030")


def test_a_code_of_another_year_names_the_place_of_today(any_desk: Desk) -> None:
    _registers(any_desk)
    _people(any_desk, f"{NOW}0001", f"{BEFORE}0001", "", LONG_AGO)
    report = {file.mapping: file for file in any_desk.load().files}
    assert report["persons"].rejected == 0, "all in one delivery: the registers come first"
    for person in ("P0", "P1"):
        assert ends(any_desk, "Person", person, "LIVES_IN") == {f"{NOW}0001"}
    assert ends(any_desk, "Person", "P2", "LIVES_IN") == set()
    assert ends(any_desk, "Person", "P3", "LIVES_IN") == {NOW}, "over two changes"
    assert ends(any_desk, "Area", BEFORE, "SUCCEEDED_BY") == {NOW}


def test_cells_and_what_lies_in_them_come_as_of_other_years_too(any_desk: Desk) -> None:
    _registers(any_desk)
    head = "code,name,kind,area_code,lon,lat,boundary"
    cell = (f"{BEFORE}0001", "单元网格1", "unit", LONG_AGO, 118.1, 24.5, "")
    any_desk.deliver("grid_cells.csv", csv(head, [cell]))
    sensor = ("GZ1", "smoke", 118.1, 24.5, f"{BEFORE}0001")
    any_desk.deliver("sensors.csv", csv("sensor_id,type,lon,lat,grid_code", [sensor]))
    assert [file.file for file in any_desk.load().files if file.rejected] == []
    assert ends(any_desk, "Sensor", "GZ1", "LOCATED_IN") == {f"{NOW}0001"}
    assert ends(any_desk, "GridCell", f"{NOW}0001", "PART_OF") == {NOW}


def test_a_code_that_nobody_knows_or_that_was_divided_is_set_aside_with_the_reason(
    any_desk: Desk,
) -> None:
    _registers(any_desk)
    _people(any_desk, f"{NOW}0001", "3502069990010001", f"{DIVIDED}0002")
    report = {file.mapping: file for file in any_desk.load().files}["persons"]
    assert (report.loaded, report.rejected) == (1, 2)
    assert [(row["line"], row["column"]) for row in rejects(report)] == [
        (3, "grid_code"),
        (4, "grid_code"),
    ]
    assert "not a code of the register of areas" in rejects(report)[0]["reason"]


def test_without_a_register_codes_are_taken_as_they_come(desk: Desk) -> None:
    _people(desk, "G1", "3502069990010001")
    assert desk.load().files[0].loaded == 2


def test_codes_that_succeed_each_other_in_a_circle_are_set_aside(desk: Desk) -> None:
    desk.deliver("areas.csv", csv(AREAS, [(NOW, "和平社区", "")]))
    circle = [("350206111001", "350206112001", "2016年1月1日")]
    circle.append((circle[0][1], circle[0][0], "2016年1月1日"))
    desk.deliver("area_changes.csv", csv(CHANGES, circle), "gb18030")
    _people(desk, "3502061110010001", NOW)
    report = {file.mapping: file for file in desk.load().files}["persons"]
    assert (report.loaded, report.rejected) == (1, 1)
