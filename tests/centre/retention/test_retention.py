"""What has run out tells nobody any more; what is open, held or younger stays as it is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, select

from graphrisk.analysis.rules.tables import RuleHitRow, RuleRow
from graphrisk.analysis.watch.tables import WatchHitRow, WatchItemRow, WatchListRow
from graphrisk.centre.cases.model import Case
from graphrisk.centre.files.service import place_of
from graphrisk.centre.files.tables import UploadRow
from graphrisk.centre.retention.rules import read_keeping
from graphrisk.centre.retention.service import RUN_OUT, Retention
from graphrisk.centre.timeline.model import Order
from graphrisk.centre.verdicts.model import Outcome, Ruling
from graphrisk.centre.verdicts.service import Verdicts
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import ConfigError, StoreUnavailable
from graphrisk.store.operations.database import Database
from graphrisk.store.sqlite.store import SqliteStore
from tests.centre.factory import MONDAY, Office, ring
from tests.centre.tasks.office import DISPATCHER, WORK, fresh, order
from tests.centre.tasks.office import Office as TaskOffice

DAY = 86_400_000
KEPT = read_keeping(None).periods["cases"].days
TOLD, OF_FILE = "欧阳暮雪", "ab" * 32


class Book:
    """Remembers what was recorded, or cannot be written."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.lines: list[tuple[str, int, str]] = []
        self.fault = fault

    def record(self, _who: object, action: str, _why: object, count: int, what: str = "") -> None:
        if self.fault is not None:
            raise self.fault
        self.lines.append((action, count, what))


class Archive:
    """A database with an office, files, and what runs out there."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.folder, self.database = folder, database
        self.office = Office(database, ManualClock(MONDAY))
        self.store = SqliteStore(folder / "graph.db")
        self.store.migrate()
        self.clock, self.book = self.office.clock, Book()

    def turn(self, holds: Path | None = None) -> dict[str, int]:
        keeping, files = read_keeping(holds), self.folder / "files"
        return Retention(self.database, files, keeping, self.clock, self.book).turn()

    def closed(self, name: str) -> Case:
        """A case of somebody with note, task, file and verdict."""
        case = self.office.held(ring(name, ("Person", f"{name}-{TOLD}", "boss")))
        self.office.cases.note(Order(case.case_id, "li", f"{TOLD}来访"))
        tasks = TaskOffice(self.database)
        task = order(title=f"走访{TOLD}", case_id=case.case_id)
        tasks.tasks.create(DISPATCHER, WORK, [task])
        tasks.tasks.cancel(DISPATCHER, WORK, task.task_id, fresh(), TOLD)
        verdicts = Verdicts(self.store, self.database, self.office.cases, self.clock)
        verdicts.close(Order(case.case_id, "li", f"{TOLD}承认"), Ruling(Outcome.CONFIRMED))
        return case

    def file(self, *subjects: str) -> Path:
        """A file that these cases have."""
        file = place_of(self.folder / "files", OF_FILE)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"sealed")
        os.utime(file, (MONDAY / 1_000, MONDAY / 1_000))
        with self.database.session() as session:
            for subject in subjects:
                said = {"holder": "case", "media_type": "image/jpeg", "size": 6}
                row = UploadRow(subject=subject, sha256=OF_FILE, name=f"{TOLD}.jpg", **said)
                row.added_by, row.added_at = "li", MONDAY
                session.add(row)
        return file

    def told(self) -> set[str]:
        """Tables in which he is named."""
        found = MetaData()
        with self.database.reading() as session:
            found.reflect(session.connection())
            rows = {t.name: str(session.execute(select(t)).all()) for t in found.sorted_tables}
        return {name for name, text in rows.items() if TOLD in text}


@pytest.fixture
def archive(centre_database: Database, tmp_path: Path) -> Archive:
    return Archive(centre_database, tmp_path)


def test_a_case_that_has_run_out_tells_nobody_and_who_worked_on_it_stays(archive: Archive) -> None:
    case = archive.closed("one")
    file = archive.file(case.case_id)
    assert len(archive.told()) > 5
    archive.clock.advance(KEPT * DAY)
    assert archive.turn()["cases"] == 0, "to the day"
    archive.clock.advance(1)
    assert archive.turn()["cases"] == 1
    assert (archive.told(), file.exists()) == (set(), False)
    assert archive.book.lines == [("retention.case", 1, case.case_id)]
    left = archive.office.cases.get(case.case_id)
    assert (left.number, left.title, left.closed_at) == (case.number, RUN_OUT, MONDAY)
    steps = archive.office.cases.timeline(case.case_id, 0, 100)
    assert {one.author for one in steps} == {"li"}
    assert archive.turn()["cases"] == 0, "once"


def test_open_held_and_merged_cases_keep_what_they_tell(archive: Archive, tmp_path: Path) -> None:
    held, closed = archive.closed("held"), archive.closed("closed")
    still_open = archive.office.held(ring("open", ("Person", TOLD, "boss")))
    file = archive.file(closed.case_id, still_open.case_id)
    own = tmp_path / "keeping.yaml"
    own.write_text(f'holds: ["{held.number}"]\n', encoding="utf-8")
    archive.clock.advance((KEPT + 1) * DAY)
    assert archive.turn(own)["cases"] == 1
    assert archive.book.lines == [("retention.case", 1, closed.case_id)]
    assert file.exists(), "the open case has it, too"
    assert archive.office.cases.get(held.case_id).title != RUN_OUT
    (finding,) = archive.office.cases.findings(still_open.case_id)
    assert [one.key for one in finding.members] == [TOLD]
    assert archive.turn()["cases"] == 1, "the hold was lifted"


def test_a_task_that_is_not_ended_keeps_its_case(archive: Archive) -> None:
    case = archive.closed("one")
    tasks = TaskOffice(archive.database)
    late = order(case_id=case.case_id)
    tasks.tasks.create(DISPATCHER, WORK, [late])
    archive.clock.advance((KEPT + 1) * DAY)
    assert archive.turn()["cases"] == 0
    tasks.tasks.cancel(DISPATCHER, WORK, late.task_id, fresh(), "不需要")
    assert archive.turn()["cases"] == 1


def test_hits_news_and_ended_watch_lists_go_by_their_own_periods(archive: Archive) -> None:
    periods, now = read_keeping(None).periods, MONDAY
    with archive.database.session() as session:
        rule = RuleRow(
            rule_id="r", version="1", document={}, state="live", maker="li", shadow=False
        )
        session.add(rule)
        session.flush()
        for place, name in enumerate(("ended", "running")):
            ends = now + (DAY if name == "ended" else 9_999 * DAY)
            session.add(watch_list(name, ends, now))
            session.flush()
            item = WatchItemRow(list_id=name, kind="Person", key=TOLD, nid=1, since=0, added_at=now)
            session.add(item)
            session.flush()
            hit = WatchHitRow(item=item.number, list_id=name, nid=1, changed=[], upto=1, at=now)
            session.add_all([hit, rule_hit(rule.number, place, now + place * DAY)])
    archive.clock.advance(DAY + periods["watch_lists"].days * DAY + 1)
    gone = archive.turn()
    assert (gone["watch_lists"], gone["rule_hits"]) == (2, 0), "an item and its hit"
    archive.clock.advance((periods["rule_hits"].days - periods["watch_lists"].days) * DAY - DAY)
    assert archive.turn()["rule_hits"] == 1, "the older one"
    assert [line[:2] for line in archive.book.lines] == [
        *[("retention.watch_lists", 1)] * 2,
        ("retention.rule_hits", 1),
    ]
    with archive.database.reading() as session:
        assert session.execute(select(WatchItemRow.list_id)).scalars().all() == ["running"]


def watch_list(name: str, ends: int, now: int) -> WatchListRow:
    said: dict[str, Any] = {"owner": "li", "areas": [], "purpose": "investigation", "case": None}
    times = {"created_at": now, "expires_at": ends, "closed_at": None}
    return WatchListRow(list_id=name, name=name, **said, **times)


def rule_hit(rule: int, event: int, at: int) -> RuleHitRow:
    said: dict[str, Any] = {
        "level": "alert",
        "outcome": "warned",
        "rung": None,
        "told": [],
        "edges": [],
    }
    return RuleHitRow(rule=rule, kind="CALLED", event=event, at=at, about=1, points=1, **said)


def test_what_cannot_be_recorded_is_not_deleted(archive: Archive) -> None:
    archive.closed("one")
    before = archive.told()
    archive.clock.advance((KEPT + 1) * DAY)
    archive.book.fault = StoreUnavailable("no space")
    with pytest.raises(StoreUnavailable):
        archive.turn()
    assert archive.told() == before


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("periods: {cases: {days: 0, zh: x, en: x, law: x}}", "cases: days is a number.*not 0"),
        ("periods: {cases: {days: 9}}", "cases: has days, zh, en and law"),
        ("periods: {cats: {days: 9, zh: x, en: x, law: x}}", "not of 'cats'"),
        ("holds: [7]", "holds is a list of case numbers in quotes"),
        ("kept: 7", "has periods and holds"),
    ],
)
def test_a_file_at_fault_is_named_with_its_value(tmp_path: Path, text: str, fault: str) -> None:
    file = tmp_path / "keeping.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=f"keeping.yaml.*{fault}"):
        read_keeping(file)
