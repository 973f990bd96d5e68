"""Who the owner of a webhook is now: what was taken from him he is told no more."""

from __future__ import annotations

import re
from collections.abc import Callable

from graphrisk.access.keys import rules
from graphrisk.access.model import Principal
from graphrisk.access.principals.service import Standing
from graphrisk.core.clock import Clock
from graphrisk.core.errors import Unauthenticated
from graphrisk.store.operations.api_keys import ApiKeyRows
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.principals import StoredPrincipals

#: By name; ``None`` where his token alone would tell. Raises ``Unauthenticated`` for nobody.
Known = Callable[[str], Principal | None]
_KEY = re.compile(re.escape(rules.NAME_PREFIX) + r".*\((\w+)\)", re.DOTALL)


def owners_now(database: Database, clock: Clock, *, by_rows: bool) -> Known:
    """Keys as they stand; people as their rows stand, where rights are rows.

    Elsewhere a person's rights come with each token of his: what he held when he last acted on his
    webhook counts until it ends.
    """
    keys, standing = ApiKeyRows(database), Standing(StoredPrincipals(database), clock)

    def known(name: str) -> Principal | None:
        found = _KEY.fullmatch(name)
        if found is None:
            return standing.principal(name) if by_rows else None
        key = keys.find(found[1])
        if key is None or not rules.is_alive(key, clock.now_ms()):
            raise Unauthenticated("the key has ended or was revoked")
        return rules.principal_of(key)

    return known
