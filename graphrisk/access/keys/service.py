"""API keys as administrators keep them, and the sign-on of who sends one."""

from __future__ import annotations

import os
from collections.abc import Callable

from graphrisk.access.keys import rules
from graphrisk.access.keys.model import ApiKey, Grant, Handed, KeyRows, Secret
from graphrisk.access.model import AuditPort, Principal, Purpose
from graphrisk.access.rights import require
from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, Conflict, NotFound, Unauthenticated

#: A key's last use is noted at most as often.
USE_EVERY_MS = 60_000
_PART = 200


class KeySignOn:
    """Tells whom a key stands for. It remembers nothing: what was revoked is refused at once."""

    def __init__(self, rows: KeyRows, clock: Clock) -> None:
        self._rows = rows
        self._clock = clock

    def principal(self, text: str) -> Principal:
        """The principal behind a key; ``Unauthenticated`` for one that does not work now.

        Why is not told: unknown, wrong, ended and revoked keys are answered alike. Cost: one read
        of two rows, and at most once a minute a key one write.
        """
        read = rules.read_text(text)
        if read is None:
            raise Unauthenticated("the key is not valid here and now")
        key_id, secret = read
        now = self._clock.now_ms()
        key = self._rows.find(key_id)
        if not rules.admits(key, key_id, secret, now) or key is None:
            raise Unauthenticated("the key is not valid here and now")
        if key.used_at is None or now - key.used_at >= USE_EVERY_MS:
            self._rows.note_use(key_id, now, USE_EVERY_MS)
        return rules.principal_of(key)


class ApiKeys:
    """Issue, list, rotate, revoke. Each act is recorded before; who acts sees keys of his areas."""

    def __init__(
        self,
        rows: KeyRows,
        clock: Clock,
        audit: AuditPort,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._rows = rows
        self._clock = clock
        self._audit = audit
        self._random = random

    def issue(self, principal: Principal, purpose: Purpose, wanted: Grant) -> Handed:
        """A new key. Its text is in the answer and nowhere else.

        Raises:
            BadInput: The grant has no name, role, area or purpose, one that is none or is not for
                keys, or does not end within a year from now.
            Forbidden: The principal may not issue keys, or holds less than he would give.
        """
        require(principal, "key.issue")
        now = self._clock.now_ms()
        grant = rules.checked(wanted, now)
        self._refuse(principal, "key.issue", grant)
        key_id, secret = self._drawn(rules.ID_BYTES), self._drawn(rules.SECRET_BYTES)
        digest = rules.digest_of(key_id, secret)
        self._audit.record(principal, "key.issue", purpose, 1, key_id)
        key = self._rows.add(key_id, grant, principal.name, now, digest)
        return Handed(key, rules.text_of(key_id, secret))

    def rotate(
        self, principal: Principal, purpose: Purpose, key_id: str, overlap_ms: int
    ) -> Handed:
        """Another secret for a key; the older one works for ``overlap_ms`` more, 0 ends it now.

        Raises:
            NotFound: The principal sees no such key.
            Forbidden: As for ``issue``, of what the key is good for.
            Conflict: It has ended or was revoked; two secrets work already and an overlap would
                make three; somebody else rotated it at the same moment.
            BadInput: The overlap is negative or longer than 30 days.
        """
        require(principal, "key.issue")
        if not 0 <= overlap_ms <= rules.LONGEST_OVERLAP_MS:
            raise BadInput("both secrets work for 0 to 30 days (新旧密钥并存最长30天)")
        key, now = self._seen(principal, key_id), self._clock.now_ms()
        self._refuse(principal, "key.issue", key.grant)
        if not rules.is_alive(key, now):
            raise Conflict("the key has ended or was revoked: issue another")
        ending = [one for one in key.secrets if one.ends_at is not None and now < one.ends_at]
        if ending and overlap_ms:
            raise Conflict("two secrets work already: rotate without overlap, or wait")
        secret = self._drawn(rules.SECRET_BYTES)
        digest = rules.digest_of(key_id, secret)
        fresh = Secret(key.secrets[-1].number + 1, digest, principal.name, now)
        self._audit.record(principal, "key.rotate", purpose, 1, key_id)
        rotated = self._rows.rotate(key_id, fresh, now + overlap_ms)
        return Handed(rotated, rules.text_of(key_id, secret))

    def revoke(self, principal: Principal, purpose: Purpose, key_id: str) -> ApiKey:
        """End a key with all its secrets, at once and for good; once more changes nothing.

        Raises:
            NotFound: The principal sees no such key.
            Forbidden: He may not revoke keys.
        """
        require(principal, "key.revoke")
        key = self._seen(principal, key_id)
        for area in key.grant.areas:
            require(principal, "key.revoke", area)
        self._audit.record(principal, "key.revoke", purpose, 1, key_id)
        return self._rows.revoke(key_id, principal.name, self._clock.now_ms())

    def listing(
        self, principal: Principal, purpose: Purpose, after: int, limit: int
    ) -> tuple[list[ApiKey], bool]:
        """Keys all of whose areas lie within one's own, in the order of issue; whether more follow.

        ``Forbidden`` for who may not read keys. Cost: linear in the keys behind ``after``.
        """
        require(principal, "key.read")
        found: list[ApiKey] = []
        while len(found) <= limit and (part := self._rows.after(after, _PART)):
            found += [key for key in part if _is_within(principal, key)]
            after = part[-1].number
        self._audit.record(principal, "key.read", purpose, min(len(found), limit))
        return found[:limit], len(found) > limit

    def _seen(self, principal: Principal, key_id: str) -> ApiKey:
        key = self._rows.find(key_id)
        if key is None or not _is_within(principal, key):
            raise NotFound("no such key")
        return key

    def _refuse(self, principal: Principal, action: str, grant: Grant) -> None:
        rules.refuse_beyond(principal, grant.roles, grant.areas)
        for area in grant.areas:
            require(principal, action, area)

    def _drawn(self, size: int) -> str:
        return rules.drawn(self._random, size)


def _is_within(principal: Principal, key: ApiKey) -> bool:
    return all(principal.scope.covers(area) for area in key.grant.areas)
