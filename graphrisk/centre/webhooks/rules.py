"""What is posted, how it is signed, and when it is tried again."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import orjson

from graphrisk.analysis.events import check_kind
from graphrisk.centre.webhooks.model import Wanted
from graphrisk.core.errors import BadInput
from graphrisk.store.operations.outbox import Event

LONGEST_MS: Final = 366 * 86_400_000
MOST_OVERLAP_MS: Final = 30 * 86_400_000
MOST_WEBHOOKS: Final = 50
_LONGEST_URL: Final = 500
_SECRET_BYTES: Final = 32
_PREFIX: Final = "whsec_"
_SECOND_MS: Final = 1_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: Pauses after the first, second … attempt that failed; after the last one it is given up.
PAUSES_MS: Final = tuple(
    seconds * _SECOND_MS
    for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
MOST_ATTEMPTS: Final = len(PAUSES_MS) + 1
#: The receiver says that it is gone for good.
GONE: Final = 410


def checked(wanted: Wanted, now_ms: int) -> Wanted:
    """The same; ``BadInput`` for an address, kind or end that cannot be."""
    try:
        parts = urlsplit(wanted.url)
        is_usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_usable = False
    if not is_usable or len(wanted.url) > _LONGEST_URL or not wanted.url.isascii():
        raise BadInput("url is no address that could be posted to")
    if parts.scheme not in {"https", "http"} or parts.username is not None or parts.fragment:
        raise BadInput("url is an http address without a user, a password and a fragment")
    if any(sign <= " " for sign in wanted.url):
        raise BadInput("url holds no spaces and control signs")
    for kind in wanted.kinds:
        check_kind(kind)
    if wanted.area and not wanted.area.isdigit():
        raise BadInput("area is a prefix of division codes: digits alone")
    if not now_ms < wanted.expires_at <= now_ms + LONGEST_MS:
        raise BadInput("a webhook ends after now, within 366 days (有效期最长366天)")
    return wanted


def drawn_secret() -> str:
    """A new secret, as Standard Webhooks writes it."""
    return _PREFIX + base64.b64encode(os.urandom(_SECRET_BYTES)).decode()


def signature(secrets: Sequence[str], message_id: str, at_s: int, body: bytes) -> str:
    """``webhook-signature`` of Standard Webhooks: one signature a secret that works now.

    ``BadInput`` for a secret that is none.
    """
    signed = f"{message_id}.{at_s}.".encode() + body
    return " ".join(f"v1,{_hmac(secret, signed)}" for secret in secrets)


def _hmac(secret: str, signed: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise BadInput("that is no secret of a webhook") from error
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def cloud_event(event: Event, message_id: str, source: str) -> bytes:
    """An event as CloudEvents 1.0 in JSON; as all events, it names no person."""
    told = {
        "specversion": "1.0",
        "id": message_id,
        "source": source,
        "type": f"graphrisk.{event.kind}",
        "subject": event.subject,
        "time": (_EPOCH + timedelta(milliseconds=event.created_at)).isoformat(),
        "datacontenttype": "application/json",
        "data": {"area": event.area, "details": dict(event.payload)},
    }
    return orjson.dumps(told)


def pause_ms(attempts: int) -> int | None:
    """How long to wait after so many attempts; ``None``: give up."""
    return PAUSES_MS[attempts - 1] if attempts < MOST_ATTEMPTS else None
