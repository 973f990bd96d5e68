"""Ways out: into a folder, or to an HTTP service. Both know a notice by its id."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from dataclasses import asdict
from email.message import Message as Headers
from pathlib import Path
from typing import IO, Final

import orjson

from graphrisk.centre.notices.model import Delivery, Message, NoticeState, Receipt
from graphrisk.centre.notices.rules import RECEIPTS
from graphrisk.core.errors import ConfigError, StoreUnavailable, system_faults
from graphrisk.core.files import private_folder, replace

#: The receiver's faults that concern this notice alone: it is refused. Others may pass.
_REFUSING: Final = (400, 410, 413, 415, 422)
_KNOWN: Final = 409  # the receiver has it already
_QUIET_SECONDS: Final = 5.0
_WHOLE_SECONDS: Final = 15.0
_MOST_BYTES: Final = 1 << 16
_Faults = (OSError, http.client.HTTPException)


def open_delivery(target: str, key: str | None) -> Delivery:
    """The way out to a folder (``file:DIR``) or an HTTP service; ``ConfigError`` for neither."""
    if target.startswith("file:") and len(target) > len("file:"):
        return FolderDelivery(Path(target.removeprefix("file:")))
    if target.startswith(("http://", "https://")):
        return HttpDelivery(target, key)
    raise ConfigError("notices go to file:DIR or to an http address")


class FolderDelivery:
    """One JSON file a notice, named by its id: the same notice again replaces itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, message: Message) -> Receipt:
        """See ``Delivery``."""
        with system_faults(self._folder):
            private_folder(self._folder)
            replace(self._folder / f"{message.notice_id}.json", orjson.dumps(asdict(message)))
        return Receipt(NoticeState.SENT)


class HttpDelivery:
    """POSTs a notice as JSON, its id also as ``Idempotency-Key``.

    The receiver answers 2xx, if it likes with ``{"state": "sent" | "delivered" | "read" |
    "refused", "reason": …}``; 409 when it has the notice already; 400, 410, 413, 415 or 422 when
    it will never take it. Everything else, silence too, is tried again. Redirects are not
    followed: the key would go along.
    """

    def __init__(
        self,
        url: str,
        key: str | None,
        quiet: float = _QUIET_SECONDS,
        whole: float = _WHOLE_SECONDS,
    ) -> None:
        self._url = url
        self._headers = {"content-type": "application/json"}
        if key is not None:
            self._headers["authorization"] = f"Bearer {key}"
        self._quiet, self._whole = quiet, whole
        self._opener = urllib.request.build_opener(_NoRedirect)

    def deliver(self, message: Message) -> Receipt:
        """See ``Delivery``."""
        request = urllib.request.Request(
            self._url,
            data=orjson.dumps(asdict(message)),
            headers={**self._headers, "idempotency-key": message.notice_id},
            method="POST",
        )
        try:
            with self._opener.open(request, timeout=self._quiet) as answer:
                return _receipt(self._body(answer))
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == _KNOWN:
                return Receipt(NoticeState.SENT)
            if error.code in _REFUSING:
                return Receipt(NoticeState.REFUSED, f"status {error.code}")
            raise StoreUnavailable(f"status {error.code}") from error
        except _Faults as error:
            raise StoreUnavailable(str(error) or type(error).__name__) from error

    def _body(self, answer: http.client.HTTPResponse) -> bytes:
        until, body = time.monotonic() + self._whole, b""
        while chunk := answer.read1(_MOST_BYTES):
            body += chunk
            if len(body) > _MOST_BYTES or time.monotonic() > until:
                raise StoreUnavailable("the answer has no end")
        if answer.length:
            raise StoreUnavailable("the answer broke off")
        return body


def _receipt(body: bytes) -> Receipt:
    """What an answer says; one that says nothing, or what we do not know, took the notice over."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return Receipt(NoticeState.SENT)
    state = said.get("state") if isinstance(said, dict) else None
    if state not in RECEIPTS:
        return Receipt(NoticeState.SENT)
    return Receipt(NoticeState(state), str(said.get("reason") or "")[:200])


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Headers,
        newurl: str,
    ) -> None:
        """Follow none: the status counts."""
