"""What a notice may hold: the values that its template declares, nothing that names somebody."""

from __future__ import annotations

import pytest

from graphrisk.centre.notices.model import NoticeState, Value
from graphrisk.centre.notices.rules import (
    check,
    later,
    pause,
    read_templates,
    rendered,
    templates,
)
from graphrisk.core.errors import BadInput, ConfigError

ASSIGNED: dict[str, Value] = {"task": "0b-a", "task_kind": "visit", "due": 1_795_572_000_000}


def test_a_notice_reads_in_both_languages_by_the_clock_of_shanghai() -> None:
    template = templates()["task_assigned"]
    check(template, "person:anna", ASSIGNED)
    said = {language: rendered(template, language, ASSIGNED).body for language in ("zh", "en")}
    assert said["zh"] == "您有一项任务（visit），请于 2026-11-25 10:00 前完成。任务号 0b-a。"
    assert "due by 2026-11-25 10:00" in said["en"]


def test_values_are_put_in_once_and_never_read_as_holes() -> None:
    values: dict[str, Value] = {"text": "{text} {0} {task.__class__}"}
    assert rendered(templates()["message"], "en", values).body == values["text"]


@pytest.mark.parametrize(
    "values",
    [
        {**ASSIGNED, "name": "张小伟"},  # not declared
        {"task": "0b-a", "task_kind": "visit"},
        {**ASSIGNED, "task": "13800138000"},
        {**ASSIGNED, "task": "35020319900101123x"},
        {**ASSIGNED, "task": "张小伟"},
        {**ASSIGNED, "task_kind": "Anna at home"},
        {**ASSIGNED, "due": "tomorrow"},
        {**ASSIGNED, "due": True},
    ],
)
def test_what_is_not_declared_or_of_another_kind_is_refused(values: dict[str, Value]) -> None:
    with pytest.raises(BadInput):
        check(templates()["task_assigned"], "person:anna", values)


def test_a_recipient_is_a_name_not_a_number() -> None:
    for recipient in ("13800138000", "person:", "anna", "person:a b"):
        with pytest.raises(BadInput):
            check(templates()["task_assigned"], recipient, ASSIGNED)


def test_a_template_that_hides_a_text_or_forgets_a_value_is_refused() -> None:
    words = "zh: {subject: 甲, body: '{a}'}, en: {subject: A, body: '{a}'}"
    for fields in ("{a: {kind: text}}", "{a: {kind: id}, b: {kind: id}}"):
        with pytest.raises(ConfigError):
            read_templates(f"t: {{version: 1, fields: {fields}, {words}}}")


def test_waiting_grows_and_ends() -> None:
    assert [pause(n) // 1_000 for n in (1, 2, 3, 9)] == [30, 60, 120, 3_600]


def test_the_later_word_counts_whatever_order_they_come_in() -> None:
    states = [NoticeState.READ, NoticeState.DELIVERED, NoticeState.SENT]
    held = NoticeState.WAITING
    for state in states:
        held = later(held, state)
    assert held is NoticeState.READ
