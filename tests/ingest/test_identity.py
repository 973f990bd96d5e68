"""Identity numbers: never in clear, compared by token, moved to a new key by the next delivery."""

from __future__ import annotations

import pytest

from graphrisk.core.errors import ConfigError
from graphrisk.core.keys import KeyRing, decrypt
from tests.ingest.factory import PERSONS, TRANSFERS, Desk, csv, persons, rejects, transfers


def test_identity_numbers_are_nowhere_in_clear(desk: Desk) -> None:
    rows = persons(300)
    rows.append(("PX", "x", "35020619900101999X", "", ""))  # in a column where it does not belong
    rows.append(("PY", "y", 1950, "35020619900101888", ""))  # one sign short
    text = csv(PERSONS, rows) + "350206199001017777,broken\n"
    report = desk.load_one("persons.csv", text, "gb18030")
    assert (report.loaded, report.rejected) == (300, 3)
    planted = [str(row[3]).encode() for row in rows[:300]]
    planted += [b"35020619900101999X", b"35020619900101888", b"350206199001017777"]
    held = list(desk.folder.parent.rglob("*"))
    assert {file.name for file in held} >= {"graph.db", "graph.db-wal", "keys.json"}
    for file in held:
        if file.is_file() and desk.inbox not in file.parents:
            data = file.read_bytes()
            assert [number for number in planted if number in data] == [], file.name


def test_a_row_in_place_of_the_header_is_not_repeated_in_the_error(desk: Desk) -> None:
    desk.deliver("persons.csv", csv("350206199001019999,x,y,z,w", persons(1)), "gb18030")
    report = desk.load()
    assert "header lacks person_id" in str(report.files[0].error)
    assert "35020619900101999X" not in str(report)


def test_after_rotation_the_next_delivery_brings_the_new_tokens(desk: Desk) -> None:
    rows = persons(3)
    text = csv(PERSONS, rows)
    desk.load_one("persons.csv", text, "gb18030")
    old = [_token(desk, row) for row in rows]
    file = desk.folder / "keys.json"
    KeyRing.write(file, KeyRing.open(file).rotated())
    report = desk.load_one("persons.csv", text, "gb18030")
    assert (report.loaded, report.closed) == (3, 0)
    new = [_token(desk, row) for row in rows]
    ring = KeyRing.open(file)
    assert {token[:5] for token in old} == {"id:1:"}
    assert new == [ring.token("id", str(row[3])) for row in rows]
    assert desk.load_one("persons.csv", text, "gb18030").unchanged == 3


def test_without_its_key_ring_a_store_takes_nothing_more(any_desk: Desk) -> None:
    text = csv(PERSONS, persons(3))
    any_desk.load_one("persons.csv", text, "gb18030")
    file, kept = any_desk.folder / "keys.json", any_desk.folder / "kept.json"
    version = any_desk.reader.version()
    file.rename(kept)
    with pytest.raises(ConfigError, match=r"keys\.json is missing"):
        any_desk.load()
    assert not file.exists()
    KeyRing.open(file)  # a ring, but another one
    with pytest.raises(ConfigError, match=r"keys\.json has another version 1"):
        any_desk.load()
    kept.replace(file)
    assert any_desk.load().files[0].unchanged == 3
    assert any_desk.reader.version() == version
    old = file.read_bytes()
    KeyRing.write(file, KeyRing.open(file).rotated())
    assert any_desk.load().files[0].loaded == 3
    file.write_bytes(old)  # from a backup made before the rotation
    with pytest.raises(ConfigError, match=r"keys\.json lacks version 2"):
        any_desk.load()


def test_a_store_without_identity_numbers_is_bound_to_no_ring(desk: Desk) -> None:
    desk.load_one("transfers.csv", csv(TRANSFERS, transfers(3)))
    (desk.folder / "keys.json").unlink()
    assert desk.load_one("persons.csv", csv(PERSONS, persons(3)), "gb18030").loaded == 3


def test_an_identity_number_comes_back_with_the_ring_alone(desk: Desk) -> None:
    rows = persons(1)
    desk.load_one("persons.csv", csv(PERSONS, rows), "gb18030")
    node = desk.node("Person", str(rows[0][0]))
    assert node is not None
    assert decrypt(KeyRing.open(desk.folder / "keys.json"), node["id_cipher"]) == rows[0][3]


def test_a_letter_at_the_end_may_be_small(desk: Desk) -> None:
    rows = [
        ("P1", "a", 1950, "35020619900101123x", ""),
        ("P2", "b", 1950, "35020619900101123X", ""),
    ]
    desk.load_one("persons.csv", csv(PERSONS, rows), "gb18030")
    assert _token(desk, rows[0]) == _token(desk, rows[1])


def test_a_number_that_is_none_is_set_aside(desk: Desk) -> None:
    rows = [("P1", "a", 1950, "３５０２０６１９９００１０１１２３", ""), ("P2", "b", 1950, "", "")]
    report = desk.load_one("persons.csv", csv(PERSONS, rows), "gb18030")
    assert [row["reason"] for row in rejects(report)] == ["not an identity number (15 or 18 signs)"]
    assert report.loaded == 1, "a person without a number is a person"


def test_a_number_of_15_digits_is_that_of_18_signs(desk: Desk) -> None:
    rows = [("P1", "a", 1949, "110105491231002", ""), ("P2", "b", 1949, "11010519491231002X", "")]
    desk.load_one("persons.csv", csv(PERSONS, rows), "gb18030")
    assert _token(desk, rows[0]) == _token(desk, rows[1])
    assert _halves(desk, rows[0]) == _halves(desk, rows[1])


@pytest.mark.parametrize("number", ["110105194912310021", "11010519491331002X"])
def test_a_number_with_a_wrong_check_sign_or_day_is_told_by_its_token(
    desk: Desk, number: str
) -> None:
    rows = [("P1", "a", 1949, number, ""), ("P2", "b", 1949, "11010519491231002X", "")]
    assert desk.load_one("persons.csv", csv(PERSONS, rows), "gb18030").loaded == 2
    assert _token(desk, rows[0]).startswith("id-unsound:1:")
    assert _token(desk, rows[1]).startswith("id:1:")


def test_a_number_mistyped_in_the_area_keeps_its_other_half(desk: Desk) -> None:
    rows = [
        ("P1", "a", 1949, "11010519491231002X", ""),
        ("P2", "b", 1949, "110106194912310028", ""),
    ]
    desk.load_one("persons.csv", csv(PERSONS, rows), "gb18030")
    one, two = (_halves(desk, row) for row in rows)
    assert one[0] == two[0]
    assert one[1] != two[1]
    assert not {_token(desk, row).rpartition(":")[2] for row in rows} & {*one, *two}


def _halves(desk: Desk, row: tuple[object, ...]) -> list[str]:
    node = desk.node("Person", str(row[0]))
    assert node is not None
    return [half.rpartition(":")[2] for half in str(node["id_halves"]).split()]


def _token(desk: Desk, row: tuple[object, ...]) -> str:
    node = desk.node("Person", str(row[0]))
    assert node is not None
    return str(node["id_token"])
