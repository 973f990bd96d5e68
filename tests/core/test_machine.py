"""A table says which steps there are; whoever it refuses learns why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrisk.core.errors import BadInput, ConfigError, Conflict, Forbidden
from graphrisk.core.machine import Fault, Refusal, Step
from graphrisk.core.machine_table import read_machine

TABLE = """
machine: order
initial: open
states:
  open: {zh: 待办, en: Open}
  done: {zh: 已办, en: Done}
  closed: {zh: 已结, en: Closed, final: true}
actions:
  do: {zh: 办理, en: Do}
  note: {zh: 备注, en: Note}
  verify: {zh: 核验, en: Verify}
  reopen: {zh: 重办, en: Reopen}
transitions:
  - {action: do, from: [open], to: done, right: order.do, starts: [check]}
  - {action: note, from: [open, done], right: order.note, reason: true}
  - {action: verify, from: [done], to: closed, right: order.verify, not_by: [do], stops: [check]}
  - {action: reopen, from: [closed], to: open, right: order.verify, reason: true}
"""
MACHINE = read_machine(TABLE, "order.yaml")
AT = 1_790_000_000_000


def test_a_step_tells_who_did_what_when_and_which_deadlines_run() -> None:
    done = MACHINE.step("open", "do", "li", AT, " as asked ")
    assert done == Step("do", "open", "done", "li", "as asked", AT, ("check",), ())
    assert MACHINE.taken("done", "verify", "wu", AT, earlier=[("do", "li")]).stops == ("check",)
    assert MACHINE.taken("done", "note", "li", AT, "seen").after == "done"
    assert MACHINE.right("done", "verify") == "order.verify"
    assert MACHINE.allowed("done") == ("note", "verify")
    assert MACHINE.rights() == ["order.do", "order.note", "order.verify"]


@pytest.mark.parametrize(
    ("state", "action", "author", "reason", "fault", "error"),
    [
        ("closed", "do", "li", "", Fault.WRONG_STATE, Conflict),
        ("open", "burn", "li", "", Fault.UNKNOWN_ACTION, BadInput),
        ("open", "do", " ", "", Fault.NO_AUTHOR, BadInput),
        ("open", "note", "li", " ", Fault.NO_REASON, BadInput),
        ("done", "verify", "li", "", Fault.SAME_PERSON, Forbidden),
    ],
)
def test_a_refusal_says_why_and_is_an_error_of_its_kind(
    state: str, action: str, author: str, reason: str, fault: Fault, error: type[Exception]
) -> None:
    refused = MACHINE.step(state, action, author, AT, reason, earlier=[("do", "li")])
    assert isinstance(refused, Refusal)
    assert refused.fault is fault
    with pytest.raises(error, match=r".{10,}"):
        MACHINE.taken(state, action, author, AT, reason, earlier=[("do", "li")])


@given(st.lists(st.tuples(st.sampled_from(sorted(MACHINE.words)), st.sampled_from("abc"))))
def test_only_listed_steps_are_ever_taken_and_nobody_verifies_his_own_work(
    wanted: list[tuple[str, str]],
) -> None:
    state, history = MACHINE.initial, list[tuple[str, str]]()
    for action, author in wanted:
        done = MACHINE.step(state, action, author, AT, "why", history)
        if isinstance(done, Refusal):
            continue
        assert any(
            row.action == action and state in row.before and done.after == (row.after or state)
            for row in MACHINE.transitions
        )
        assert action != "verify" or ("do", author) not in history
        state = done.after
        history.append((action, author))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("initial: open", "initial: opened", "initial names no state: opened"),
        ("to: done, right", "to: finished, right", "names no state: finished"),
        ("to: closed, right", "right", "nothing leads to the state closed"),
        (", final: true", "", "no state is final"),
        ("- {action: verify, from: [done], to: closed,", "- {action: verify, from: [done],", "end"),
        ("starts: [check]", "starts: [audit]", "audit is started and never stopped"),
        ("starts: [check]", "starts: []", "check is stopped and never started"),
        ("  note: {zh: 备注, en: Note}\n", "", "names no action: note"),
        ("  do: {zh: 办理, en: Do}", "  do: {zh: 办理, en: Do}\n  go: {zh: 走, en: Go}", "go"),
        ("from: [open, done]", "from: [open, open]", "note has two transitions in the state open"),
        ("from: [open, done]", "from: []", "begins in no state"),
        ("zh: 办理, ", "", "action do: zh is a text"),
        ("reason: true", "reason: perhaps", "reason is true or false"),
        ("right: order.do, ", "", "right is a text"),
        ("not_by: [do]", "not_by: do", "not_by is a list of names"),
        ("stops: [check]", "stop: [check]", "stop is none of"),
        ("machine: order", "machine: order\nmachine: two", "stands twice"),
        ("transitions:", "transitions: {}\nrows:", "rows is none of"),
    ],
)
def test_a_faulty_table_is_refused_by_name(old: str, new: str, told: str) -> None:
    assert old in TABLE
    with pytest.raises(ConfigError, match=r"order\.yaml: ") as refused:
        read_machine(TABLE.replace(old, new, 1), "order.yaml")
    assert told in str(refused.value)
