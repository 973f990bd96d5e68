"""A severe measure takes two persons, whoever asks and however often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from graphrisk.access.rights import actions
from graphrisk.centre.deadlines.service import DeadlineClock, Deadlines
from graphrisk.centre.measures.model import Measure, MeasureState, Proposal
from graphrisk.centre.measures.tables import MeasureRow
from graphrisk.centre.timeline.model import Order
from graphrisk.core.errors import BadInput, Conflict, Forbidden, NotFound
from tests.centre.factory import CALENDAR, UNITS, Office, new_id

HOUR = 3_600_000


def _proposed(office: Office) -> Measure:
    case = office.held(by="li")
    proposal = Proposal(new_id(), case.case_id, "stop_payment", "6222 0000 1111")
    return office.measures.propose(proposal, "li", "赃款将被转走")


def test_who_proposed_may_not_decide_and_another_person_may(office: Office) -> None:
    measure = _proposed(office)
    assert (measure.state, measure.basis) == (
        MeasureState.PROPOSED,
        "反电信网络诈骗法第二十条",
    )
    for decide in (office.measures.approve, office.measures.refuse):
        with pytest.raises(Forbidden, match="another person"):
            decide(Order(measure.measure_id, "li", "同意"))
    approved = office.measures.approve(Order(measure.measure_id, "wu"))
    assert (approved.state, approved.proposer, approved.decider, approved.decided_at) == (
        MeasureState.APPROVED,
        "li",
        "wu",
        office.clock.now,
    )
    with pytest.raises(Conflict):
        office.measures.refuse(Order(measure.measure_id, "chen", "不同意"))
    done = office.measures.carry_out(Order(measure.measure_id, "li", "银行回执 7"))
    assert done.state is MeasureState.CARRIED_OUT
    timeline = office.cases.timeline(measure.case_id, 0, 10)
    assert [(one.action, one.author) for one in timeline[2:]] == [
        ("propose", "li"),
        ("approve", "wu"),
        ("carry_out", "li"),
    ]
    assert office.measures.of_cases([measure.case_id]) == {measure.case_id: [done]}


def test_a_refusal_and_a_withdrawal_say_why(office: Office) -> None:
    refused, withdrawn = _proposed(office), _proposed(office)
    with pytest.raises(BadInput, match="reason"):
        office.measures.refuse(Order(refused.measure_id, "wu"))
    assert office.measures.refuse(Order(refused.measure_id, "wu", "账户不符")).decider == "wu"
    gone = office.measures.withdraw(Order(withdrawn.measure_id, "li", "已退款"))
    assert (gone.state, gone.decider) == (MeasureState.WITHDRAWN, None)
    for measure in (refused, withdrawn):
        with pytest.raises(Conflict):
            office.measures.approve(Order(measure.measure_id, "wu"))
    with pytest.raises(NotFound):
        office.measures.approve(Order(new_id(), "wu"))


def test_a_proposal_counts_once_and_only_in_a_case_that_one_works_on(office: Office) -> None:
    case = office.held(by="li")
    proposal = Proposal(new_id(), case.case_id, "freeze", "6222 0000 1111")
    first = office.measures.propose(proposal, "li", "赃款")
    assert office.measures.propose(proposal, "li", "赃款") == first
    with pytest.raises(Conflict, match="used before"):
        office.measures.propose(proposal, "li", "别的理由")
    with pytest.raises(Conflict, match="li works on"):
        office.measures.propose(Proposal(new_id(), case.case_id, "freeze", "x"), "wu", "赃款")
    open_case = office.open()
    with pytest.raises(Conflict, match="take the case"):
        office.measures.propose(Proposal(new_id(), open_case.case_id, "freeze", "x"), "li", "赃款")
    for kind, target in (("burn", "x"), ("freeze", " "), ("freeze", "x" * 201)):
        with pytest.raises(BadInput):
            office.measures.propose(Proposal(new_id(), case.case_id, kind, target), "li", "赃款")
    assert len(office.measures.of_cases([case.case_id])[case.case_id]) == 1


def test_a_proposal_that_nobody_decides_is_told_up_the_levels(office: Office) -> None:
    measure = _proposed(office)
    clock = DeadlineClock(office.database, Deadlines(CALENDAR, UNITS), office.clock)
    office.clock.advance(2 * HOUR)
    assert clock.tick() == 1
    office.measures.approve(Order(measure.measure_id, "wu"))
    office.clock.advance(HOUR)
    assert clock.tick() == 0


def test_of_many_who_decide_at_once_one_does(office: Office) -> None:
    measure = _proposed(office)

    def decide(n: int) -> bool:
        order = Order(measure.measure_id, f"p{n}", "看过")
        try:
            (office.measures.approve if n % 2 else office.measures.refuse)(order)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(decide, range(16))) == 1


def test_the_database_itself_holds_the_four_eyes(office: Office) -> None:
    measure = _proposed(office)
    ours = update(MeasureRow).where(MeasureRow.measure_id == measure.measure_id)
    for values in ({"decider": "li"}, {"state": "approved"}):
        with pytest.raises(Conflict), office.database.session() as session:
            session.execute(ours.values(**values))


def test_every_action_on_a_measure_takes_a_right_that_the_policy_knows(office: Office) -> None:
    assert set(office.measures.machine.rights()) <= actions()
