"""Records of one request's reads, which can be held until just before it is answered."""

from __future__ import annotations

from graphrisk.access.model import Principal, Purpose
from graphrisk.store.audit.spool import AuditSpool, Noted


class HeldAudit:
    """``graphrisk.access.model.AuditPort`` for reads; after ``hold`` they wait for ``settle``.

    A request of many reads then costs one write to the disk. Who holds has to settle before he
    answers. Decisions are not held: they would have been made before they are on record.
    """

    def __init__(self, spool: AuditSpool) -> None:
        self._spool = spool
        self._held: list[Noted] = []
        self._is_holding = False

    def record(
        self, principal: Principal, action: str, purpose: Purpose, count: int, what: str = ""
    ) -> None:
        """See the port. Held, it is not durable yet."""
        noted = self._spool.noted(principal, action, purpose, count, what)
        if self._is_holding:
            self._held.append(noted)
        else:
            self._spool.keep([noted])

    def hold(self) -> None:
        """From here on records wait for ``settle``."""
        self._is_holding = True

    def settle(self) -> None:
        """Make durable what is held; ``StoreUnavailable`` when it cannot be: answer nothing."""
        held, self._held = self._held, []
        self._spool.keep(held)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is held."""
        return not self._held
