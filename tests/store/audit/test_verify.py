"""Verification: nothing can be changed, taken away or added without being named by its place."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from graphrisk.core.errors import BadInput
from graphrisk.core.tlog import history
from graphrisk.core.tlog.files import replace
from graphrisk.core.tlog.keyring import KeyRing, read_public
from graphrisk.core.tlog.note import open_checkpoint
from graphrisk.core.tlog.proof import read_proof
from graphrisk.store.audit.entry import read_entry, read_record
from graphrisk.store.audit.erase import erase_old
from graphrisk.store.audit.export import export
from graphrisk.store.audit.records import AuditFilter
from graphrisk.store.audit.tables import AuditRow
from graphrisk.store.audit.verify import Verified, verify
from graphrisk.store.operations.inserts import insert_into
from tests.store.audit.office import Office

DAY_MS = 86_400_000
Change = Callable[[Office], None]


def seen(office: Office, earlier: str | None = None) -> Verified:
    notes = [] if earlier is None else [earlier]
    return verify(office.place, office.database, office.clock, notes)


def told(office: Office, earlier: str | None = None) -> list[tuple[str, str]]:
    return [(one.place, one.reason) for one in seen(office, earlier).differences]


def change(office: Office, number: int, **values: object) -> None:
    with office.database.session() as session:
        session.execute(update(AuditRow).where(AuditRow.number == number).values(**values))


def _take(office: Office, number: int) -> None:
    with office.database.session() as session:
        session.execute(delete(AuditRow).where(AuditRow.number == number))


def _copy(office: Office, which: int, **values: object) -> None:
    line = office.lines()[which]
    row = {name: getattr(line, name) for name in line.__slots__} | {"origin": office.origin}
    with office.database.session() as session:
        session.execute(insert_into(session, AuditRow).values(**row | values))


def test_an_audit_that_nobody_touched_verifies(office: Office) -> None:
    assert seen(office).differences == [], "one in which nothing was recorded, too"
    office.note("a", "b")
    office.collect()
    office.note("c")
    found = seen(office)
    assert (found.differences, found.rows, found.erased) == ([], 3, 0)
    assert found.checkpoint is not None
    assert found.checkpoint.size == 3


def test_what_older_keys_signed_stays_good_and_they_sign_no_more(office: Office) -> None:
    office.note("a")
    office.collect()
    before, old = office.reader().note, office.place.ring(office.clock)
    office.clock.advance(1_000)
    ring = office.place.rotate(office.clock)
    assert [(one.since, one.until) for one in ring.public][-1] == (office.clock.now_ms(), None)
    assert ring.public[0].until == office.clock.now_ms()
    assert told(office, before) == [], "nothing is signed with the new key yet"
    office.note("b")
    office.collect()
    assert told(office, before) == []
    with pytest.raises(BadInput, match="no known key"):
        open_checkpoint(office.reader().note, old.verifiers)
    listed = read_public((office.place.files().read("vkeys") or b"").decode())
    assert listed == ring.public
    _sign_as(office, old)
    damage = ("log/history", "a checkpoint is signed with a key whose time was over")
    assert damage in told(office)


def _sign_as(office: Office, ring: KeyRing) -> None:
    """Show a checkpoint that a key of before signs, as who has it and the machine could."""
    files = office.place.files()
    text = str(open_checkpoint(office.reader().note, office.place.ring(office.clock).verifiers))
    signed = history.Signed(office.clock.now_ms(), ring.signer.sign(text))
    history.add(files, signed)
    replace(files, "checkpoint", signed.note.encode())


def test_every_change_of_a_row_is_named_by_its_index(office: Office) -> None:
    office.note("a", "b", "c")
    office.collect()
    kept = office.lines()[1]
    for name, value in (
        ("principal", "li"), ("purpose", "export"), ("case", "A-8"), ("what", "of c"),
        ("at", 5), ("action", "c"), ("count", 2), ("sequence", 7), ("salt", bytes(32)),
        ("erased_at", 5), ("case", None),
    ):  # fmt: skip
        change(office, 1, **{name: value})
        assert told(office) == [("entry 1", "the row is not what was recorded: it was changed")]
        change(office, 1, **{name: getattr(kept, name)})
    assert told(office) == []


def test_rows_taken_away_and_added_are_named(office: Office) -> None:
    office.note("a", "b", "c")
    office.collect()
    _copy(office, 0, number=3)
    _copy(office, 0, number=-1)
    added = "there is a row and no entry: the row was added"
    assert told(office) == [("entry -1", added), ("entry 3", added)]
    for number in (-1, 3, 0, 2):
        _take(office, number)
    gone = "there is no row: it was taken away"
    assert told(office) == [("entry 0", gone), ("entry 2", gone)]
    _copy(office, 0, number=0, origin="graphrisk-audit/other")
    assert told(office)[-1] == ("rows of graphrisk-audit/other", "of a log that is not here")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_changed_byte_of_the_log_is_found(office: Office) -> None:
    office.note("a", "b", "c")
    office.collect()
    for path in ("checkpoint", "history", "tile/0/000.p/3", "tile/entries/000.p/3", "vkeys"):
        file = office.place.log / path
        kept = file.read_bytes()
        for place in (0, len(kept) // 2, len(kept) - 1):
            file.write_bytes(kept[:place] + bytes([kept[place] ^ 1]) + kept[place + 1 :])
            assert seen(office).differences, (path, place)
            file.write_bytes(kept)
    assert told(office) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_record_cut_off_the_spool_is_missed_when_its_writer_goes_on(office: Office) -> None:
    office.note("a")
    (file,) = office.files()
    whole = file.read_bytes()
    office.note("b")
    file.write_bytes(whole)  # cut at the record's end
    office.note("c")
    ((place, reason),) = told(office)
    assert place.startswith("spool of ")
    assert reason.startswith("of 3 records 1 never came into the log")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_checkpoint_of_before_tells_a_cut_and_a_rewritten_log(
    office: Office, tmp_path: Path
) -> None:
    office.note("a")
    early = seen(office).note
    office.note("b")
    late = seen(office).note
    assert told(office, early) == []
    assert told(office, late) == []
    other = Office(tmp_path / "other", office.database)
    other.place.folder.mkdir(parents=True, exist_ok=True)
    for file in (office.place.key, office.folder / "keys.json"):
        (other.folder / file.relative_to(office.folder)).write_bytes(file.read_bytes())
    other.note("z")
    reasons = [one for one in told(other, early) if one[0] == "earlier checkpoint"]
    assert reasons == [("earlier checkpoint", "is of another log: this one was written anew")]
    reasons = [one for one in told(other, late) if one[0] == "earlier checkpoint"]
    assert reasons == [("earlier checkpoint", "is of 2 entries, the log has 1: it was cut")]
    assert told(office, "nonsense") == [("earlier checkpoint", "that is not a signed note")]


def test_what_is_erased_after_its_time_is_gone_and_the_log_stands(office: Office) -> None:
    office.note("a", "b")
    office.collect()
    assert erase_old(office.place, office.database, office.clock, 1) == 0
    office.clock.advance(2 * DAY_MS)
    office.note("c")
    assert erase_old(office.place, office.database, office.clock, 1) == 2
    found = seen(office)
    assert (found.differences, found.erased) == ([], 2)
    lines = office.lines()
    for line in lines[:2]:
        assert (line.principal, line.purpose, line.case, line.what, line.salt) == (None,) * 5
    assert [line.action for line in lines] == ["a", "b", "c", "audit.erase"]
    assert lines[2].principal == "development"
    gone = dict.fromkeys(("principal", "purpose", "case", "what", "salt"))
    change(office, 2, **gone, erased_at=office.clock.now_ms())
    assert told(office) == [
        ("entry 2", "the row was erased and no erasure of its time is on record")
    ]


def test_an_export_is_checked_with_what_it_holds_alone(office: Office, tmp_path: Path) -> None:
    office.note("a", "b", "a")
    office.collect()
    out = tmp_path / "audit.zip"
    assert export(office.place, office.database, office.clock, AuditFilter(action="a"), out) == 2
    with zipfile.ZipFile(io.BytesIO(out.read_bytes())) as pack:
        names = set(pack.namelist())
        assert {f"{kind}{n}{end}" for n in (0, 2) for kind, end in _PARTS} <= names
        assert "entries/1" not in names
        entry = pack.read("entries/2")
        proof = read_proof(pack.read("proofs/2.tlog-proof").decode())
        proof.check(entry, office.place.ring(office.clock).verifiers)
        record = read_record(pack.read("records/2.json"))
        assert read_entry(entry).commitment == record.commitment
        assert json.loads(pack.read("records/2.json"))["what"] == "of a"


_PARTS = (("entries/", ""), ("proofs/", ".tlog-proof"), ("records/", ".json"))
