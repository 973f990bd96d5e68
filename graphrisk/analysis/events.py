"""What happened, in the order in which it became true: the outbox as those who ask see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphrisk.core.errors import BadInput
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.outbox import Event, count, read_after

#: Every kind of event there is, in words.
KINDS: Mapping[str, Mapping[str, str]] = {
    "source.late": {"zh": "来源逾期", "en": "Source late"},
    "source.fresh": {"zh": "来源恢复", "en": "Source no longer late"},
    "identity.judged": {"zh": "身份裁定", "en": "Identity judged"},
    "principal.changed": {"zh": "人员权限变更", "en": "Rights of a principal changed"},
    "access.opened": {"zh": "辖区外查看", "en": "Sight beyond one's areas"},
    "case.changed": {"zh": "案件办理", "en": "Case changed"},
    "measure.changed": {"zh": "处置措施办理", "en": "Measure changed"},
    "task.changed": {"zh": "任务办理", "en": "Task changed"},
    "deadline.missed": {"zh": "期限逾期", "en": "Deadline missed"},
    "rule.step": {"zh": "规则变更", "en": "Rule changed its state"},
    "rule.hit": {"zh": "规则命中", "en": "Rule hit"},
    "rule.capped": {"zh": "规则处置达到上限", "en": "Cap of a rule's actions reached"},
    "watch.hit": {"zh": "关注对象有变动", "en": "Something watched appeared or changed"},
    "detection.finished": {"zh": "检测完成", "en": "Detection finished"},
}


@dataclass(frozen=True, slots=True)
class EventPage:
    """One keyset page of events, oldest first."""

    items: tuple[Event, ...]
    has_next: bool
    total: int  # of all events that match, not of this page


class Events:
    """Reads of placed events. None of them names a person: they are made to leave the service."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, after: int, limit: int, kind: str | None) -> EventPage:
        """Events behind a place, oldest first: who keeps the last place misses none that is kept.

        Raises:
            BadInput: There is no such kind.
        """
        if kind is not None and kind not in KINDS:
            raise BadInput(f"kind is one of {', '.join(KINDS)}, not {kind[:40]!r}")
        with self._database.reading() as session:
            found = read_after(session, after, limit + 1, kind)
            total = count(session, kind)
        return EventPage(tuple(found[:limit]), len(found) > limit, total)
