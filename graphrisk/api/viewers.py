"""Who asks, and for what: read from the headers of a request."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool

from graphrisk.access.purposes import stated_by
from graphrisk.access.sign_on import SignOn
from graphrisk.analysis.entities import Looks, Viewer


async def viewer_of(sign_on: SignOn, headers: Mapping[str, str], looks: Looks) -> Viewer:
    """The viewer (``Authorization``, ``X-Purpose``, ``X-Case``).

    ``Unauthenticated`` when nobody known asks, ``BadInput`` for a purpose or case that is none,
    ``Forbidden`` for a purpose that his key is not for, ``CaseRequired`` for a case that is not his
    where one is demanded. Who is
    looked up in a database is so beside the event loop.
    """
    asked = headers.get("authorization")
    if sign_on.looks_up(asked):
        principal = await run_in_threadpool(sign_on.principal, asked)
    else:
        principal = sign_on.principal(asked)
    purpose = stated_by(principal, headers.get("x-purpose"), headers.get("x-case"))
    if purpose.case is None:
        return looks(principal, purpose)
    return await run_in_threadpool(looks, principal, purpose)
