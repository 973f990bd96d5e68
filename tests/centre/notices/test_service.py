"""Notices to a real receiver that fails, hangs, answers twice and dies: each arrives, once."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from graphrisk.access.model import EVERYTHING, Principal
from graphrisk.analysis.saved import records as saved
from graphrisk.analysis.saved.model import Question, SavedQuery, Shown, Subject
from graphrisk.analysis.watch.tables import WatchListRow
from graphrisk.centre.deadlines.service import DeadlineClock
from graphrisk.centre.notices import records
from graphrisk.centre.notices.announce import announce
from graphrisk.centre.notices.delivery import FolderDelivery, HttpDelivery, open_delivery
from graphrisk.centre.notices.model import (
    Delivered,
    Delivery,
    Message,
    Notice,
    NoticeState,
    Receipt,
)
from graphrisk.centre.notices.rules import BACK_OFF_MS, MOST_ATTEMPTS
from graphrisk.centre.notices.service import Courier, Notices
from graphrisk.core.errors import BadInput, ConfigError, Forbidden, NotFound, StoreUnavailable
from graphrisk.core.ids import uuid7
from graphrisk.store.operations import outbox
from graphrisk.store.operations.base import Base
from tests.centre.notices.receiver import Receiver, receiver
from tests.centre.tasks.office import (
    ANNA,
    CHIEF,
    DISPATCHER,
    HOUR,
    VILLAGE,
    WORK,
    Office,
    fresh,
    order,
    person,
)
from tests.recorded import FullAudit

GATEWAY = Principal("gateway", frozenset({"application"}), CHIEF.scope)


def _tell(office: Office, notice_id: str, area: str = VILLAGE) -> bool:
    values = {"task": "t-1", "task_kind": "visit"}
    with office.database.session() as session:
        now = office.clock.now_ms()
        return records.tell(session, notice_id, "task_refused", "person:anna", values, area, now)


def _courier(office: Office, way: Delivery | Receiver, quiet: float = 5) -> Courier:
    out = HttpDelivery(way.url, "k3y", quiet=quiet) if isinstance(way, Receiver) else way
    return Courier(office.database, out, office.clock)


def _notices(office: Office) -> Notices:
    return Notices(office.database, office.clock, office.audit)


def _one(office: Office) -> Notice:
    (notice,) = _notices(office).page(CHIEF, WORK, 0, 9).items
    return notice


def test_a_notice_is_handed_over_once_with_its_id_and_the_key(office: Office) -> None:
    assert [_tell(office, "n1"), _tell(office, "n1")] == [True, False]
    with receiver() as there:
        courier = _courier(office, there)
        assert courier.round() == Delivered(1, 0, 0, 0)
        assert courier.round() == Delivered(0, 0, 0, 0)
    assert there.keys == ["Bearer k3y"]
    (said,) = there.requests
    assert (said["notice_id"], said["recipient"], said["template"]) == (
        "n1", "person:anna", "task_refused",
    )  # fmt: skip
    assert "核验未通过" in said["body"]
    assert (_one(office).state, _one(office).attempts) == (NoticeState.SENT, 1)


def test_whatever_may_pass_is_tried_again_later_and_later(office: Office) -> None:
    _tell(office, "n1")
    plan = ["500", "401", "302", "die", "hang", "ok"]
    with receiver(*plan) as there:
        courier, waits = _courier(office, there, quiet=0.2), []
        for _ in plan[:-1]:
            assert courier.round() == Delivered(0, 0, 1, 0)
            waits.append(_one(office).next_at - office.clock.now_ms())
            assert courier.round() == Delivered(0, 0, 0, 0), "not yet"
            office.clock.now = _one(office).next_at
        assert courier.round() == Delivered(1, 0, 0, 0)
    assert waits == [BACK_OFF_MS * 2**n for n in range(5)]
    assert len(there.requests) == 6
    assert there.seen == {"n1"}
    assert _one(office).error is None


def test_what_is_never_taken_is_refused_and_what_nobody_takes_is_given_up(office: Office) -> None:
    _tell(office, "n1")
    with receiver("422") as there:
        assert _courier(office, there).round() == Delivered(0, 1, 0, 0)
    assert (_one(office).state, _one(office).error) == (NoticeState.REFUSED, "status 422")
    _notices(office).resend(CHIEF, WORK, "n1")
    courier = _courier(office, HttpDelivery("http://127.0.0.1:1/", None))  # nobody listens
    for _ in range(MOST_ATTEMPTS):
        office.clock.now = max(office.clock.now, _one(office).next_at)
        last = courier.round()
    assert last == Delivered(0, 0, 0, 1)
    dead = _notices(office).page(CHIEF, WORK, 0, 9, NoticeState.DEAD).items
    assert [notice.notice_id for notice in dead] == ["n1"]
    assert "refused" in (dead[0].error or "")
    assert _notices(office).resend(CHIEF, WORK, "n1").attempts == 0
    with receiver("409") as there:
        assert _courier(office, there).round() == Delivered(1, 0, 0, 0), "known already"


def test_who_is_killed_between_handing_over_and_noting_it_does_it_again(office: Office) -> None:
    _tell(office, "n1")

    class Killed(Exception):
        pass

    class Ends:
        def deliver(self, message: Message) -> Receipt:
            HttpDelivery(there.url, None).deliver(message)
            raise Killed

    with receiver() as there:
        with pytest.raises(Killed):
            _courier(office, Ends()).round()
        assert _courier(office, there).round() == Delivered(0, 0, 0, 0), "still claimed"
        office.clock.advance(records.CLAIM_MS)
        assert _courier(office, there).round() == Delivered(1, 0, 0, 0)
    assert [one["notice_id"] for one in there.requests] == ["n1", "n1"]


def test_what_ends_every_worker_is_given_up(office: Office) -> None:
    _tell(office, "bomb")
    for _ in range(MOST_ATTEMPTS):
        with office.database.session() as session:
            assert records.claim(session, office.clock.now_ms()) is not None
        office.clock.advance(records.CLAIM_MS)
    with receiver() as there:
        _courier(office, there).round()
    assert (there.requests, _one(office).state) == ([], NoticeState.DEAD)


def test_a_way_out_that_is_closed_costs_three_attempts_not_a_thousand(office: Office) -> None:
    for number in range(6):
        _tell(office, f"n{number}")
    with receiver(*["503"] * 6) as there:
        assert _courier(office, there).round() == Delivered(0, 0, 3, 0)
    assert len(there.requests) == 3


def test_couriers_at_once_share_no_notice(office: Office) -> None:
    ids = {f"n{number}" for number in range(12)}
    for notice_id in sorted(ids):
        _tell(office, notice_id)
    with receiver() as there:
        threads = [threading.Thread(target=_courier(office, there).round) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(one["notice_id"] for one in there.requests) == sorted(ids)


def test_receipts_count_once_and_in_any_order(office: Office) -> None:
    _tell(office, "n1")
    with receiver("delivered") as there:
        _courier(office, there).round()
    assert _one(office).state is NoticeState.DELIVERED
    desk = _notices(office)
    told = [desk.receive(who, WORK, "n1", state) for who, state in (
        (ANNA, NoticeState.READ), (GATEWAY, NoticeState.READ), (GATEWAY, NoticeState.DELIVERED),
    )]  # fmt: skip
    assert told == [True, False, False]
    notice = _one(office)
    assert notice.state is NoticeState.READ
    assert {state for state, _ in notice.receipts} == {NoticeState.DELIVERED, NoticeState.READ}
    with pytest.raises(Forbidden):
        desk.receive(DISPATCHER, WORK, "n1", NoticeState.READ)
    with pytest.raises(BadInput):
        desk.receive(GATEWAY, WORK, "n1", NoticeState.DEAD)
    with pytest.raises(NotFound):
        desk.receive(GATEWAY, WORK, "n9", NoticeState.READ)


def test_each_sees_the_notices_to_him_and_who_looks_after_them_those_of_his_areas(
    office: Office,
) -> None:
    _tell(office, "here")
    _tell(office, "there", area="350205001001")
    desk = _notices(office)
    seen = {
        who.name: [one.notice_id for one in desk.page(who, WORK, 0, 9).items]
        for who in (CHIEF, ANNA, person("bert", "grid_worker"))
    }
    assert seen == {"chief": ["here"], "anna": ["here", "there"], "bert": []}
    for who, notice_id in ((CHIEF, "there"), (ANNA, "here")):
        with pytest.raises(Forbidden):
            desk.resend(who, WORK, notice_id)


def test_what_cannot_be_recorded_does_not_happen(office: Office) -> None:
    _tell(office, "n1")
    silent = Notices(office.database, office.clock, FullAudit())
    with pytest.raises(StoreUnavailable):
        silent.receive(ANNA, WORK, "n1", NoticeState.REFUSED)
    assert _one(office).state is NoticeState.WAITING
    _notices(office).receive(ANNA, WORK, "n1", NoticeState.REFUSED)
    with pytest.raises(StoreUnavailable):
        silent.resend(CHIEF, WORK, "n1")
    assert _one(office).state is NoticeState.REFUSED


def test_a_folder_holds_each_notice_once(office: Office, tmp_path: Path) -> None:
    _tell(office, "n1")
    courier = _courier(office, open_delivery(f"file:{tmp_path / 'out'}", None))
    assert courier.round() == Delivered(1, 0, 0, 0)
    (file,) = (tmp_path / "out").iterdir()
    assert json.loads(file.read_text(encoding="utf-8"))["notice_id"] == "n1"
    (tmp_path / "flat").write_text("", encoding="utf-8")
    _tell(office, "n2")
    assert _courier(office, FolderDelivery(tmp_path / "flat")).round() == Delivered(0, 0, 1, 0)


def test_a_way_out_is_a_folder_or_an_address() -> None:
    for target in ("", "file:", "ftp://x", "/tmp"):
        with pytest.raises(ConfigError):
            open_delivery(target, None)


def test_doers_hear_of_their_tasks_once_whoever_is_killed(office: Office) -> None:
    task_id = office.offered(order(offered_to=None, assignee="anna"))
    office.tasks.hand_over(ANNA, WORK, task_id, fresh(), "bert", "ill")
    office.tasks.cancel(DISPATCHER, WORK, task_id, fresh(), "found")
    office.offered()  # an offer tells nobody
    with office.database.session() as session:
        outbox.relay(session)
    assert [announce(office.database, office.deadlines, office.clock) for _ in "ab"] == [3, 0]
    told = _notices(office).page(CHIEF, WORK, 0, 9).items
    assert [one.template.name for one in told] == [
        "task_assigned", "task_assigned", "task_cancelled",
    ]  # fmt: skip
    assert {one.values["task"] for one in told} == {task_id}


def test_who_watches_hears_that_his_list_told_something_and_not_what(office: Office) -> None:
    audit, now = office.audit, office.clock.now_ms()
    with office.database.session() as session:
        for owner in ("anna", "os:root"):  # no notice can name the second: he reads his list
            row = WatchListRow(
                list_id=uuid7(now), name="A-7", owner=owner, areas=[""], purpose="investigation",
                case=None, created_at=now, expires_at=now + HOUR, closed_at=None,
            )  # fmt: skip
            session.add(row)
            outbox.emit(session, "watch.hit", row.list_id, {"hit": 1, "changed": ["CALLED"]}, now)
        outbox.relay(session)
    assert [announce(office.database, office.deadlines, office.clock) for _ in "ab"] == [1, 0]
    everything = Principal("looker", frozenset({"administrator"}), EVERYTHING)
    (told,) = Notices(office.database, office.clock, audit).page(everything, WORK, 0, 9).items
    assert (told.template.name, told.recipient) == ("watch_hit", "person:anna")
    assert set(told.values) == {"list"}


def test_who_keeps_a_query_hears_that_it_has_news_and_not_what(office: Office) -> None:
    now = office.clock.now_ms()
    with office.database.session() as session:
        for owner in ("anna", "os:root"):
            asked = Question(Subject.SEARCH, text="1380")
            shown = Shown(("investigator",), ("",), now)
            query = SavedQuery(uuid7(now), "n", owner, asked, "investigation", None, now, shown)
            saved.add(session, query, b"salt")
            outbox.emit(session, "query.news", query.query_id, {"appeared": 1}, now, whom=owner)
        outbox.emit(session, "query.news", "deleted since", {"appeared": 1}, now)
        outbox.relay(session)
    assert [announce(office.database, office.deadlines, office.clock) for _ in "ab"] == [1, 0]
    everything = Principal("looker", frozenset({"administrator"}), EVERYTHING)
    (told,) = _notices(office).page(everything, WORK, 0, 9).items
    assert (told.template.name, told.recipient) == ("query_news", "person:anna")
    assert set(told.values) == {"query"}


def test_units_hear_of_a_task_that_is_late_level_by_level_and_of_no_other(office: Office) -> None:
    late, done = office.offered(order("call_back")), office.submitted(task=order("call_back"))
    office.tasks.verify(CHIEF, WORK, done, fresh(), True)
    tick = DeadlineClock(office.database, office.deadlines, office.clock).tick
    office.clock.advance(2 * HOUR - 1)
    assert tick() == 0
    office.clock.advance(HOUR + 1)
    assert [tick(), tick()] == [2, 0]
    with office.database.session() as session:
        outbox.relay(session)
    assert announce(office.database, office.deadlines, office.clock) == 2
    told = _notices(office).page(CHIEF, WORK, 0, 9).items
    assert [(one.recipient, one.values["level"], one.values["subject"]) for one in told] == [
        ("unit:350203001", 1, late), ("unit:350203", 2, late),
    ]  # fmt: skip


def test_old_notices_are_forgotten_those_given_up_are_not(office: Office) -> None:
    for notice_id in ("old", "dead"):
        _tell(office, notice_id)
    with office.database.session() as session:
        records.received(session, "old", NoticeState.DELIVERED, "", 5)
        assert records.forget_before(session, office.clock.now_ms()) == 0
        assert records.forget_before(session, office.clock.now_ms() + 1) == 1
    assert _one(office).notice_id == "dead"


def test_tables_are_as_declared_and_go_up_and_down(office: Office) -> None:
    def differences() -> list[object]:
        with office.database.session() as session:
            context = MigrationContext.configure(session.connection())
            found = compare_metadata(context, Base.metadata)
        return [one for one in found if "notice" in str(one)]

    assert differences() == []
    office.database.downgrade("0015")
    office.database.migrate()
    assert differences() == []
