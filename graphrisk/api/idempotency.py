"""``Idempotency-Key``: the same request sent again gets the answer of the first time.

As draft-ietf-httpapi-idempotency-key-header has it: the same key with another request is refused
with 422, and one whose first request still runs with 409. Answers are kept in this process, for a
while and within a bound of bytes; an answer that is no longer there is made anew.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass

from starlette.responses import Response

from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, Conflict

KEY_PATTERN = r"^[\x21-\x7e]{1,128}$"
_KEPT_MS = 600_000
_KEPT_BYTES = 32 << 20


class OtherRequest(BadInput):
    """The key was used for another request."""

    status = 422


@dataclass(slots=True)
class _Kept:
    """An answer; none while the first request runs."""

    digest: bytes
    at: int
    body: bytes = b""
    headers: dict[str, str] | None = None


class Repeats:
    """Answers by who asked and key. On the event loop alone, so it needs no lock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()
        self._bytes = 0

    def begin(self, who: str, key: str, body: bytes) -> Response | None:
        """The first answer, if the same was asked before; else it is now under way.

        Raises:
            BadInput: That is no key, or (422) it stands for another request.
            Conflict: The first request still runs.
        """
        if not re.fullmatch(KEY_PATTERN, key):
            raise BadInput("Idempotency-Key has 1 to 128 visible ASCII characters")
        self._forget()
        digest = hashlib.sha256(body).digest()
        kept = self._kept.get((who, key))
        if kept is None:
            self._kept[who, key] = _Kept(digest, self._clock.now_ms())
            return None
        if kept.digest != digest:
            raise OtherRequest("this Idempotency-Key stands for another request")
        if kept.headers is None:
            raise Conflict("the first request with this Idempotency-Key still runs")
        return Response(kept.body, 200, {**kept.headers, "idempotent-replayed": "true"})

    def end(self, who: str, key: str, answer: Response | None) -> None:
        """Keep the answer; ``None`` (it failed): the key is free again."""
        kept = self._kept.get((who, key))
        if kept is None or answer is None:
            self._kept.pop((who, key), None)
            return
        kept.body, kept.headers = bytes(answer.body), dict(answer.headers)
        self._bytes += len(kept.body)

    def _forget(self) -> None:
        now = self._clock.now_ms()
        while self._kept:
            first = next(iter(self._kept.values()))
            if self._bytes <= _KEPT_BYTES and now - first.at <= _KEPT_MS:
                return
            _, gone = self._kept.popitem(last=False)
            self._bytes -= len(gone.body)
