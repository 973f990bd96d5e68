"""Operations: notices.

Written by ``make docs``.
"""

from __future__ import annotations

from datetime import datetime

from graphrisk.client.calls import Call, Model, Paged, leaf, maybe, one
from graphrisk.client.operations.common import Page, Words
from graphrisk.client.operations.kinds import NoticeState


class NoticeReceipts(Model):
    """What a receiver said of a notice."""

    state: NoticeState
    at: datetime


class Notice(Model):
    """What somebody is told."""

    id: str
    template: str
    recipient: str
    area: str
    subject: Words
    body: Words
    state: NoticeState
    attempts: int
    next_at: datetime | None
    error: str | None
    created_at: datetime
    receipts: list[NoticeReceipts]


class NoticesEdges(Model):
    """A notice in a page of notices."""

    cursor: str
    node: Notice


class Notices(Model):
    """A page of notices, oldest first."""

    edges: list[NoticesEdges]
    page_info: Page


def notices(
    *, first: int = 20, after: str | None = None, state: NoticeState | None = None
) -> Paged[Notices | None, Notice]:
    """Notices to the caller and, for who looks after them, of his areas; `DEAD` lists those
    that were given up.
    """
    return Paged(
        "Notices",
        "notices",
        {"first": first, "after": after, "state": state},
        maybe(one(Notices)),
        lambda found: found,
    )


def resend_notice(*, id: str) -> Call[Notice]:
    """Have a notice that was given up or refused tried anew; others stay as they are."""
    return Call("ResendNotice", "resendNotice", {"id": id}, one(Notice))


def receive_notice(*, id: str, state: NoticeState) -> Call[bool]:
    """Say what became of a notice:.

    its recipient that he read it, the service that sends notices on what it knows. False
    when it was said before.
    """
    return Call("ReceiveNotice", "receiveNotice", {"id": id, "state": state}, leaf(bool))
