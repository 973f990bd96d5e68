"""Tasks from the offer to the points: who may do what, and what a repeated request does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from graphrisk.centre.tasks.model import Proof, TaskState
from graphrisk.centre.tasks.rules import kinds, machine
from graphrisk.centre.tasks.service import Tasks
from graphrisk.core.calendar import Calendar
from graphrisk.core.errors import BadInput, Conflict, Forbidden, NotFound, StoreUnavailable
from graphrisk.store.operations import books, outbox
from graphrisk.store.operations.base import Base
from tests.centre.tasks.office import (
    ANNA,
    BERT,
    CHIEF,
    DISPATCHER,
    HOUR,
    NEXT_COUNTY,
    PROOF,
    STRANGER,
    VILLAGE,
    WEDNESDAY,
    WORK,
    Office,
    fresh,
    order,
    person,
)
from tests.recorded import FullAudit


def _points(office: Office, name: str) -> int:
    with office.database.reading() as session:
        return books.balance(session, "points", f"person:{name}")


def _state(office: Office, task_id: str) -> tuple[TaskState, str | None]:
    task = office.lists.one(CHIEF, WORK, task_id)
    return task.state, task.assignee


def test_a_task_is_offered_grabbed_proven_verified_and_earns_its_points(office: Office) -> None:
    task_id = office.submitted()
    done = office.tasks.verify(CHIEF, WORK, task_id, fresh(), True).task
    assert (done.state, done.assignee, done.is_open) == (TaskState.DONE, "anna", False)
    assert [(one.step.action, one.step.author) for one in done.steps] == [
        ("offer", "dispatcher"), ("grab", "anna"), ("submit", "anna"), ("verify", "chief"),
    ]  # fmt: skip
    assert done.steps[2].proof == PROOF
    assert all(one.step.at == WEDNESDAY for one in done.steps)
    assert _points(office, "anna") == kinds()["visit"].points == 10
    with office.database.session() as session:
        outbox.relay(session)
        events = outbox.read_after(session, 0)
    assert [event.payload["state"] for event in events] == [
        "offered", "assigned", "submitted", "done",
    ]  # fmt: skip
    assert office.audit.recorded == [
        ("dispatcher", "task.create", 1),
        ("anna", "task.grab", 1),
        ("anna", "task.submit", 1),
        ("chief", "task.verify", 1),
    ]


def test_what_cannot_be_recorded_does_not_happen(office: Office) -> None:
    services = (office.clock, Calendar(), FullAudit(), office.deadlines)
    silent, task = Tasks(office.database, *services), order()
    with pytest.raises(StoreUnavailable):
        silent.create(DISPATCHER, WORK, [task], fresh())
    with pytest.raises(NotFound):
        office.lists.one(CHIEF, WORK, task.task_id)
    offered, submitted = office.offered(task), office.submitted()
    with pytest.raises(StoreUnavailable):
        silent.grab(ANNA, WORK, offered, fresh())
    with pytest.raises(StoreUnavailable):
        silent.verify(CHIEF, WORK, submitted, fresh(), True)
    assert _state(office, offered) == (TaskState.OFFERED, None)
    assert _state(office, submitted) == (TaskState.SUBMITTED, "anna")
    assert _points(office, "anna") == 0


def test_a_term_ends_by_the_calendar_unless_a_time_is_given(office: Office) -> None:
    visits = [order("call_back"), order("call_back", due_at=WEDNESDAY + 5)]
    dues = [office.tasks.create(DISPATCHER, WORK, [one])[0].task.due_at for one in visits]
    assert dues == [WEDNESDAY + 2 * HOUR, WEDNESDAY + 5]


def test_the_same_request_again_answers_as_the_first(office: Office) -> None:
    task, step, last = order(), fresh(), fresh()
    assert [office.tasks.create(DISPATCHER, WORK, [task])[0].changed for _ in "ab"] == [True, False]
    grabs = [office.tasks.grab(ANNA, WORK, task.task_id, step) for _ in "ab"]
    assert [one.changed for one in grabs] == [True, False]
    office.tasks.submit(ANNA, WORK, task.task_id, fresh(), PROOF)
    ends = [office.tasks.verify(CHIEF, WORK, task.task_id, last, True) for _ in "abc"]
    assert [one.changed for one in ends] == [True, False, False]
    assert not office.tasks.grab(ANNA, WORK, task.task_id, step).changed, "late, out of order"
    assert _points(office, "anna") == 10
    assert len(office.lists.one(CHIEF, WORK, task.task_id).steps) == 4


def test_an_id_that_stands_for_something_else_is_refused(office: Office) -> None:
    task, step = order(), fresh()
    office.tasks.create(DISPATCHER, WORK, [task])
    with pytest.raises(Conflict):
        office.tasks.create(DISPATCHER, WORK, [replace(task, title="something else")])
    office.tasks.grab(ANNA, WORK, task.task_id, step)
    with pytest.raises(Conflict):
        office.tasks.give_back(ANNA, WORK, task.task_id, step, "ill")
    assert _state(office, task.task_id) == (TaskState.ASSIGNED, "anna")


def test_a_task_that_somebody_has_is_not_to_be_had(office: Office) -> None:
    task_id = office.held()
    with pytest.raises(Conflict, match="not to be had"):
        office.tasks.grab(BERT, WORK, task_id, fresh())
    assert _state(office, task_id) == (TaskState.ASSIGNED, "anna")


def test_what_is_given_back_can_be_grabbed_again_and_handed_over(office: Office) -> None:
    task_id = office.held()
    office.tasks.give_back(ANNA, WORK, task_id, fresh(), "ill")
    assert _state(office, task_id) == (TaskState.OFFERED, None)
    office.tasks.grab(BERT, WORK, task_id, fresh())
    office.tasks.hand_over(BERT, WORK, task_id, fresh(), "cao", "she lives there")
    assert _state(office, task_id) == (TaskState.ASSIGNED, "cao")
    with pytest.raises(Forbidden):
        office.tasks.submit(BERT, WORK, task_id, fresh(), PROOF)
    office.tasks.assign(DISPATCHER, WORK, task_id, fresh(), "anna", "she is back")
    assert _state(office, task_id) == (TaskState.ASSIGNED, "anna")


def test_nobody_verifies_what_he_submitted_and_refused_work_is_done_again(office: Office) -> None:
    both = person("both", "grid_worker", "supervisor")
    task_id = office.submitted(both)
    for is_good in (True, False):
        with pytest.raises(Forbidden, match="another person"):
            office.tasks.verify(both, WORK, task_id, fresh(), is_good, "well done")
    with pytest.raises(BadInput, match="reason"):
        office.tasks.verify(CHIEF, WORK, task_id, fresh(), False)
    office.tasks.verify(CHIEF, WORK, task_id, fresh(), False, "the photo shows another door")
    assert _state(office, task_id) == (TaskState.REWORK, "both")
    assert _points(office, "both") == 0
    office.tasks.hand_over(both, WORK, task_id, fresh(), "anna", "my leave")
    office.tasks.submit(ANNA, WORK, task_id, fresh(), PROOF)
    with pytest.raises(Forbidden, match="another person"):
        office.tasks.verify(both, WORK, task_id, fresh(), True)
    office.tasks.verify(CHIEF, WORK, task_id, fresh(), True)
    assert (_points(office, "anna"), _points(office, "both")) == (10, 0)


def test_a_proof_holds_what_the_kind_asks_for(office: Office) -> None:
    for kind, proof, missing in (
        ("visit", Proof(" "), "text"),
        ("check_place", Proof("seen"), "file, position"),
        ("patrol", replace(PROOF, position=None), "position"),
    ):
        task_id = office.held(task=order(kind))
        with pytest.raises(BadInput, match=missing):
            office.tasks.submit(ANNA, WORK, task_id, fresh(), proof)
        assert _state(office, task_id) == (TaskState.ASSIGNED, "anna")


def test_offers_lapse_by_the_clock_once(office: Office) -> None:
    lapsing = office.offered(order(expires_at=WEDNESDAY + HOUR))
    grabbed = office.held(task=order(expires_at=WEDNESDAY + HOUR))
    office.clock.advance(HOUR - 1)
    assert office.tasks.expire() == 0
    office.clock.advance(1)
    assert [office.tasks.expire(), office.tasks.expire()] == [1, 0]
    assert _state(office, lapsing)[0] == TaskState.EXPIRED
    assert _state(office, grabbed)[0] == TaskState.ASSIGNED
    with pytest.raises(Conflict):
        office.tasks.grab(ANNA, WORK, lapsing, fresh())


def test_a_package_is_made_whole_or_not_at_all(office: Office) -> None:
    package, tasks = fresh(), [order() for _ in range(3)]
    made = office.tasks.create(DISPATCHER, WORK, tasks, package)
    assert [one.changed for one in made] == [True] * 3
    assert [one.changed for one in office.tasks.create(DISPATCHER, WORK, tasks, package)] == [
        False
    ] * 3
    for bad in ([*tasks, order()], [order(), replace(tasks[0], title="x")]):
        with pytest.raises(Conflict):
            office.tasks.create(DISPATCHER, WORK, bad, package if len(bad) == 4 else fresh())
    with pytest.raises(Forbidden):
        office.tasks.create(DISPATCHER, WORK, [order(), order(area=NEXT_COUNTY)], fresh())
    page = office.lists.page(CHIEF, WORK, 0, 10, package_id=package)
    assert [task.task_id for task in page.items] == [task.task_id for task in tasks]
    assert len(office.lists.page(CHIEF, WORK, 0, 10).items) == 3


def test_each_sees_the_tasks_of_his_areas_and_his_own(office: Office) -> None:
    here, there = office.offered(), office.offered(order(area=f"{VILLAGE}G8"))
    office.tasks.assign(DISPATCHER, WORK, there, fresh(), "stranger", "he knows them")
    seen = {
        who.name: [task.task_id for task in office.lists.page(who, WORK, 0, 9).items]
        for who in (ANNA, BERT, STRANGER, CHIEF)
    }
    assert seen == {
        "anna": [here],  # a task of the village concerns all its cells, one of another cell not
        "bert": [here, there],
        "stranger": [there],
        "chief": [here, there],
    }
    assert [one.task_id for one in office.lists.offers(ANNA, WORK, 0, 9).items] == [here]
    assert office.lists.offers(CHIEF, WORK, 0, 9).items == []
    assert [one.task_id for one in office.lists.mine(STRANGER, WORK, 0, 9).items] == [there]
    far = person("far", "supervisor", area="3505")
    for act in (
        lambda: office.lists.one(STRANGER, WORK, here),
        lambda: office.tasks.grab(STRANGER, WORK, here, fresh()),
        lambda: office.tasks.cancel(far, WORK, here, fresh(), "x"),
    ):
        with pytest.raises(NotFound):
            act()


def test_lists_go_on_behind_a_number(office: Office) -> None:
    ids = [office.offered() for _ in range(3)]
    first = office.lists.page(CHIEF, WORK, 0, 2)
    rest = office.lists.page(CHIEF, WORK, first.items[-1].number, 2)
    assert [task.task_id for task in (*first.items, *rest.items)] == ids
    assert (first.has_next, rest.has_next) == (True, False)
    assert office.lists.page(CHIEF, WORK, 0, 9, TaskState.DONE).items == []


def test_who_does_not_belong_to_the_group_grabs_nothing(office: Office) -> None:
    task_id = office.offered()
    for who in (DISPATCHER, person("v", "volunteer")):
        with pytest.raises(Forbidden):
            office.tasks.grab(who, WORK, task_id, fresh())
    assert _state(office, task_id) == (TaskState.OFFERED, None)


def test_a_grid_worker_gives_out_no_tasks(office: Office) -> None:
    with pytest.raises(Forbidden):
        office.tasks.create(ANNA, WORK, [order(area=f"{VILLAGE}G7")])
    task_id = office.held()
    for act in (office.tasks.cancel, office.tasks.give_back):
        with pytest.raises(Forbidden):
            act(BERT, WORK, task_id, fresh(), "mine now")


def test_what_is_no_task_is_refused(office: Office) -> None:
    for said in (
        {"task_id": "1"},
        {"kind": "war"},
        {"area": "Huli"},
        {"title": " "},
        {"offered_to": None},
        {"offered_to": "auditor"},
        {"assignee": "anna"},
    ):
        with pytest.raises(BadInput):
            office.tasks.create(DISPATCHER, WORK, [order(**said)])
    assert office.lists.page(CHIEF, WORK, 0, 9).items == []


def test_tables_are_as_declared_and_go_up_and_down(office: Office) -> None:
    ours = ("tasks", "task_steps", "task_packages")

    def differences() -> list[object]:
        with office.database.session() as session:
            context = MigrationContext.configure(session.connection())
            found = compare_metadata(context, Base.metadata)
        return [one for one in found if any(name in str(one) for name in ours)]

    assert differences() == []
    office.database.downgrade("0010")
    office.database.migrate()
    assert differences() == []


def test_every_state_leads_to_an_end_and_asks_a_right() -> None:
    assert set(machine().rights()) == {
        "task.create", "task.take", "task.prove", "task.verify", "task.cancel",
    }  # fmt: skip
    assert {name for name, state in machine().states.items() if state.is_final} == {
        "done", "cancelled", "expired",
    }  # fmt: skip
