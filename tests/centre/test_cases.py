"""Cases: one holder, findings in one case at a time, merges that can be undone, all on record."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from graphrisk.access.rights import actions
from graphrisk.centre.cases.model import Case, CaseFilter, CaseState, NewCase
from graphrisk.centre.cases.rules import LOCK_MS, case_machine
from graphrisk.centre.deadlines.model import State
from graphrisk.centre.deadlines.rules import shipped_terms
from graphrisk.centre.timeline.model import Order
from graphrisk.core.errors import BadInput, Conflict, GraphRiskError, NotFound
from graphrisk.store.operations.outbox import read_after, relay
from tests.centre.factory import AREA, MONDAY, Office, moment, new_id, ring

EVERYWHERE = CaseFilter(areas=("",))


def _deadlines(office: Office, case: Case) -> dict[str, State]:
    return {one.name: one.state for one in office.cases.deadlines(case.case_id)[0]}


def test_a_case_has_a_number_a_unit_and_deadlines_from_its_first_moment(office: Office) -> None:
    first, second = office.open(), office.open(area="350206")
    assert (first.number, second.number) == ("350206-2026-000001", "350206-2026-000002")
    assert (first.unit, second.unit) == ("township-desk", "huli-desk")
    assert office.open(area="350205").number == "350205-2026-000001"
    assert (first.state, first.holder, first.opened_at) == (CaseState.OPEN, None, MONDAY)
    due = {one.name: one.due_at for one in office.cases.deadlines(first.case_id)[0]}
    assert due == {
        "acceptance": moment("2026-03-10 10:00"),  # 8 office hours
        "handling": moment("2026-03-25 00:00"),  # 15 days, the first not counted
    }


def test_opening_again_under_the_same_id_changes_nothing(office: Office) -> None:
    new = NewCase(new_id(), "涉诈团伙", AREA, [ring("ring_a")])
    opened = office.cases.open(new, "li")
    assert office.cases.open(new, "li") == opened
    assert office.actions(opened) == ["open"]
    with pytest.raises(Conflict, match="used before"):
        office.cases.open(NewCase(new.case_id, "另一案", AREA, new.findings), "li")
    with pytest.raises(Conflict, match=opened.number):
        office.cases.open(NewCase(new_id(), "又一案", AREA, [ring("ring_a")]), "li")
    assert office.open(ring("ring_b")).number == "350206-2026-000002", "no number is lost"


@pytest.mark.parametrize(
    "new",
    [
        NewCase("7", "涉诈团伙", AREA, [ring("ring_a")]),
        NewCase(new_id(), " ", AREA, [ring("ring_a")]),
        NewCase(new_id(), "涉" * 201, AREA, [ring("ring_a")]),
        NewCase(new_id(), "涉诈团伙", "Huli", [ring("ring_a")]),
        NewCase(new_id(), "涉诈团伙", AREA),
    ],
    ids=["id", "title", "long", "area", "nothing"],
)
def test_what_is_no_case_is_refused(office: Office, new: NewCase) -> None:
    with pytest.raises(BadInput):
        office.cases.open(new, "li")
    assert office.cases.page(EVERYWHERE, None, 10).total == 0


def test_one_works_on_a_case_until_he_gives_it_back_or_the_lock_runs_out(office: Office) -> None:
    case = office.held(by="li")
    assert (case.state, case.holder) == (CaseState.HELD, "li")
    assert _deadlines(office, case) == {"acceptance": State.MET, "handling": State.RUNNING}
    with pytest.raises(Conflict, match="not possible"):
        office.cases.take(Order(case.case_id, "wu"))
    with pytest.raises(Conflict, match="li works on"):
        office.cases.renew(Order(case.case_id, "wu"))
    with pytest.raises(BadInput, match="reason"):
        office.cases.release(Order(case.case_id, "li"))
    office.clock.advance(LOCK_MS - 1)
    office.cases.renew(Order(case.case_id, "li"))
    office.clock.advance(LOCK_MS - 1)
    with pytest.raises(Conflict):
        office.cases.take(Order(case.case_id, "wu"))
    office.clock.advance(1)
    assert office.cases.get(case.case_id).holder is None
    assert office.cases.take(Order(case.case_id, "wu")).holder == "wu"
    back = office.cases.release(Order(case.case_id, "wu", "出差"))
    assert (back.state, back.holder) == (CaseState.OPEN, None)
    assert office.actions(case) == ["open", "take", "renew", "take", "release"]
    started = [one.started_at for one in office.cases.deadlines(case.case_id)[0]]
    assert max(started) == office.clock.now, "who gives back lets acceptance run again"


def test_findings_come_and_go_and_are_in_one_case_at_a_time(office: Office) -> None:
    case, other = office.held(ring("ring_a")), office.open(ring("ring_b"))
    order = Order(case.case_id, "li", step_id=new_id())
    office.cases.attach(order, [ring("ring_c")])
    office.cases.attach(order, [ring("ring_c")])
    assert office.findings(case) == ["ring_a", "ring_c"]
    with pytest.raises(Conflict, match="used before"):
        office.cases.attach(order, [ring("ring_d")])
    with pytest.raises(Conflict, match=other.number):
        office.cases.attach(Order(case.case_id, "li"), [ring("ring_b")])
    with pytest.raises(Conflict, match="li works on"):
        office.cases.attach(Order(case.case_id, "wu"), [ring("ring_d")])
    office.cases.detach(Order(other.case_id, "wu", "误并"), "ring_b")
    assert office.findings(office.cases.attach(Order(case.case_id, "li"), [ring("ring_b")])) == [
        "ring_a",
        "ring_c",
        "ring_b",
    ]
    with pytest.raises(NotFound):
        office.cases.detach(Order(other.case_id, "wu", "误并"), "ring_b")
    (member, _) = office.cases.findings(case.case_id)[0].members
    assert (member.kind, member.key, member.role) == ("Person", "ring_a-boss", "organiser")


def test_a_merge_moves_all_and_undoing_it_restores_all(office: Office) -> None:
    small, middle, large = (office.held(ring(f"ring_{one}")) for one in "abc")
    before = _deadlines(office, small)
    office.cases.merge(Order(small.case_id, "li", "同一团伙"), middle.case_id)
    office.cases.merge(Order(middle.case_id, "li", "同一团伙"), large.case_id)
    assert office.findings(large) == ["ring_a", "ring_b", "ring_c"]
    assert {one.number for one in office.cases.merged(large.case_id)} == {
        small.number,
        middle.number,
    }
    merged = office.cases.get(small.case_id)
    assert (merged.state, merged.merged_into) == (CaseState.MERGED, middle.case_id)
    assert _deadlines(office, small)["handling"] is State.SUSPENDED
    with pytest.raises(Conflict, match="merged"):
        office.cases.take(Order(small.case_id, "li"))
    with pytest.raises(Conflict):
        office.cases.merge(Order(large.case_id, "li", "环"), small.case_id)
    office.cases.unmerge(Order(middle.case_id, "li", "并错"))
    assert office.findings(large) == ["ring_c"]
    assert office.findings(middle) == ["ring_a", "ring_b"]
    back = office.cases.unmerge(Order(small.case_id, "li", "并错"))
    assert (back.state, back.merged_into) == (CaseState.OPEN, None)
    assert office.findings(middle) == ["ring_b"]
    assert _deadlines(office, small) == {**before, "acceptance": State.RUNNING}
    assert office.actions(large) == ["open", "take", "absorb", "yield"]
    assert office.actions(small)[-2:] == ["merge", "unmerge"]


def test_merging_is_refused_where_it_would_take_work_from_somebody(office: Office) -> None:
    mine, his = office.held(by="li"), office.held(by="wu")
    for author in ("li", "wu"):
        with pytest.raises(Conflict, match="works on"):
            office.cases.merge(Order(mine.case_id, author, "同一团伙"), his.case_id)
    with pytest.raises(BadInput):
        office.cases.merge(Order(mine.case_id, "li", "自己"), mine.case_id)
    with pytest.raises(NotFound):
        office.cases.merge(Order(mine.case_id, "li", "没有"), new_id())
    assert office.cases.get(mine.case_id).state is CaseState.HELD


def test_a_split_moves_findings_to_a_case_of_their_own(office: Office) -> None:
    case = office.held(ring("ring_a"), ring("ring_b"), ring("ring_c"))
    new = NewCase(new_id(), "另案", "350206")
    order = Order(case.case_id, "li", "两伙人", new_id())
    old, fresh = office.cases.split(order, new, ["ring_a", "ring_c"])
    assert (office.findings(old), office.findings(fresh)) == (["ring_b"], ["ring_a", "ring_c"])
    assert office.cases.split(order, new, ["ring_a", "ring_c"])[1] == fresh
    assert fresh.number == "350206-2026-000002"
    with pytest.raises(BadInput, match="keeps"):
        office.cases.split(
            Order(case.case_id, "li", "空"), NewCase(new_id(), "空", AREA), ["ring_b"]
        )
    assert office.findings(case) == ["ring_b"]


def test_another_unit_is_made_responsible(office: Office) -> None:
    case = office.held(by="li")
    moved = office.cases.assign(Order(case.case_id, "chen", "跨街道"), "huli-desk")
    assert (moved.unit, moved.state, moved.holder) == ("huli-desk", CaseState.OPEN, None)
    assert office.cases.assign(Order(case.case_id, "chen", "上报"), "3502").unit == "3502"
    with pytest.raises(BadInput, match="no unit"):
        office.cases.assign(Order(case.case_id, "chen", "?"), "nobody")


def test_cases_are_listed_by_state_area_unit_holder_and_due_time(office: Office) -> None:
    held, free = office.held(by="li"), office.open(area="350205")
    office.clock.advance(3_600_000)
    late = office.open()

    def ids(**asked: object) -> list[str]:
        page = office.cases.page(CaseFilter(**{"areas": ("",), **asked}), None, 10)  # type: ignore[arg-type]
        assert page.total == len(page.items)
        return [one.case_id for one in page.items]

    assert ids() == [late.case_id, free.case_id, held.case_id]
    assert ids(state=CaseState.HELD) == ids(holder="li") == [held.case_id]
    assert ids(state=CaseState.OPEN) == [late.case_id, free.case_id]
    assert ids(area="350205") == ids(areas=("350205", "3501")) == [free.case_id]
    assert ids(unit="township-desk") == [late.case_id, held.case_id]
    assert ids(due_before=moment("2026-03-10 10:01")) == [free.case_id]
    assert ids(areas=("3_",)) == ids(areas=()) == []
    first = office.cases.page(EVERYWHERE, None, 2)
    assert (first.has_next, first.total) == (True, 3)
    rest = office.cases.page(EVERYWHERE, first.items[-1].ordinal, 2)
    assert ([one.case_id for one in rest.items], rest.has_next) == ([held.case_id], False)
    office.clock.advance(LOCK_MS)
    assert ids(state=CaseState.OPEN) == ids()
    assert ids(holder="li") == []


def test_the_timeline_tells_who_did_what_why_and_when(office: Office) -> None:
    case = office.held()
    order = Order(case.case_id, "wu", "  已核实身份  ", new_id())
    office.cases.note(order)
    office.cases.note(order)
    *_, last = office.cases.timeline(case.case_id, 0, 10)
    assert (last.author, last.reason, last.at) == ("wu", "已核实身份", MONDAY)
    assert (last.before, last.after) == ("held", "held")
    assert office.cases.timeline(case.case_id, last.number, 10) == []
    with office.database.session() as session:
        relay(session)
        told = [
            one.payload["action"] for one in read_after(session, 0) if one.kind == "case.changed"
        ]
    assert told == ["open", "take", "note"]


def test_of_many_who_take_a_case_at_once_one_has_it(office: Office) -> None:
    cases = [office.open() for _ in range(6)]

    def take(n: int) -> str | None:
        try:
            return office.cases.take(Order(cases[n % 6].case_id, f"p{n}")).case_id
        except Conflict:
            return None

    with ThreadPoolExecutor(8) as pool:
        won = [case_id for case_id in pool.map(take, range(48)) if case_id is not None]
    assert sorted(won) == sorted(case.case_id for case in cases)
    assert all(office.actions(case) == ["open", "take"] for case in cases)


@pytest.mark.parametrize("same", [True, False], ids=["one case", "one finding"])
def test_of_many_who_open_at_once_one_does(office: Office, same: bool) -> None:
    case_id = new_id()

    def open_one(_: int) -> Case | None:
        new = NewCase(case_id if same else new_id(), "涉诈团伙", AREA, [ring("ring_a")])
        try:
            return office.cases.open(new, "li")
        except Conflict:
            return None

    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(open_one, range(16)))
    assert len({one.case_id for one in opened if one is not None}) == 1
    assert office.cases.page(EVERYWHERE, None, 10).total == 1
    assert not same or None not in opened, "all who ask the same get the same answer"


def test_two_who_merge_into_each_other_at_once_do_not_wait_for_ever(office: Office) -> None:
    pairs = [(office.open(), office.open()) for _ in range(5)]

    def merge(one: Case, other: Case) -> bool:
        try:
            office.cases.merge(Order(one.case_id, "li", "同一团伙"), other.case_id)
        except Conflict:
            return False
        return True

    def both(turn: tuple[Case, Case]) -> bool:
        return merge(*turn)

    turns = [turn for one, other in pairs for turn in ((one, other), (other, one))]
    with ThreadPoolExecutor(4) as pool:
        merged = list(pool.map(both, turns))
    assert sum(merged) == 5
    states = [office.cases.get(one.case_id).state for pair in pairs for one in pair]
    assert states.count(CaseState.MERGED) == states.count(CaseState.OPEN) == 5


@pytest.mark.parametrize("step_id", ["", "7", "0191e9a0000070008000000000000001"])
def test_an_id_that_is_no_uuid_is_refused(office: Office, step_id: str) -> None:
    case = office.open()
    with pytest.raises(BadInput, match="UUID"):
        office.cases.note(Order(case.case_id, "li", "备注", step_id))


def test_nothing_is_done_to_a_case_that_is_not_there(office: Office) -> None:
    acts: list[Callable[[Order], object]] = [office.cases.take, office.cases.note]
    for act in acts:
        with pytest.raises(GraphRiskError) as refused:
            act(Order(new_id(), "li", "备注"))
        assert isinstance(refused.value, NotFound)


def test_every_action_takes_a_right_that_the_policy_knows_and_stops_what_it_starts() -> None:
    machine = case_machine()
    assert set(machine.rights()) <= actions()
    assert {name for row in machine.transitions for name in row.starts} <= shipped_terms().keys()
