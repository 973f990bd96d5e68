"""What happened, in the order in which it became true: the outbox as those who ask see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphrisk.access.model import Principal
from graphrisk.access.rights import may
from graphrisk.core.errors import BadInput, Conflict
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.outbox import Event, count, kept, read_after
from graphrisk.store.operations.readers import is_behind_forgotten, wait_behind

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
    "audit.alarm": {"zh": "审计日志未获见证", "en": "A witness did not sign the audit"},
    "audit.late": {"zh": "审计记录未能入库", "en": "Records do not come into the audit"},
    "rule.step": {"zh": "规则变更", "en": "Rule changed its state"},
    "rule.hit": {"zh": "规则命中", "en": "Rule hit"},
    "rule.capped": {"zh": "规则处置达到上限", "en": "Cap of a rule's actions reached"},
    "watch.hit": {"zh": "关注对象有变动", "en": "Something watched appeared or changed"},
    "query.news": {"zh": "保存的查询有新结果", "en": "News of a saved query"},
    "detection.finished": {"zh": "检测完成", "en": "Detection finished"},
}
#: What somebody must be allowed to do in an event's area to follow it there: one of these.
_FOLLOWED: Mapping[str, tuple[str, ...]] = {
    "case.changed": ("case.read",),
    "measure.changed": ("case.read",),
    "task.changed": ("task.read",),
    "deadline.missed": ("case.read", "task.read"),
}
#: The event after which there are other findings.
DETECTED = "detection.finished"


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
        if kind is not None:
            check_kind(kind)
        with self._database.reading() as session:
            found = read_after(session, after, limit + 1, kind)
            total = count(session, kind)
        return EventPage(tuple(found[:limit]), len(found) > limit, total)

    def behind(self, place: int, limit: int) -> list[Event]:
        """The next events behind a place, oldest first.

        Raises:
            Conflict: Some of them were forgotten, or the place has not come yet: it is of another
                history.
        """
        with self._database.reading() as session:
            if is_behind_forgotten(session, place):
                raise Conflict("events behind this place were forgotten: read the state anew")
            if place > kept(session)[1]:
                raise Conflict("this place has not come yet: read the state anew")
            return read_after(session, place, limit)

    def last(self) -> int:
        """The place of the latest event; 0 before the first."""
        with self._database.reading() as session:
            return kept(session)[1]

    def wait(self, place: int, seconds: float) -> bool:
        """Wait for an event behind a place; ``False`` when none came in time."""
        return wait_behind(self._database, place, seconds)


def check_kind(kind: str) -> None:
    """``BadInput`` for what is no kind of event."""
    if kind not in KINDS:
        raise BadInput(f"kind is one of {', '.join(KINDS)}, not {kind[:40]!r}")


def follows(principal: Principal, event: Event) -> bool:
    """Whether somebody may follow an event.

    May do so: whom it is told to; who may look at what happens in the whole city and in its area;
    who works on cases or tasks, whichever it is of, in its area.
    """
    if event.whom == principal.name or may(principal, "event.read", event.area or ""):
        return True
    actions = _FOLLOWED.get(event.kind, ())
    return event.area is not None and any(may(principal, one, event.area) for one in actions)
