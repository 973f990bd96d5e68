"""Commands around principals: ``principal add``, ``grant``, ``approve``, ``withdraw``, ``list``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final

import typer

from graphrisk.cli.operations import opened_operations
from graphrisk.cli.options import JsonOption, StoreOption
from graphrisk.cli.output import say, say_json, say_table

if TYPE_CHECKING:
    from graphrisk.access.model import Principal, Purpose
    from graphrisk.access.principals.model import Grant, Registered
    from graphrisk.access.principals.service import Principals

principal = typer.Typer(
    help="Principals and their rights, where rights are rows (GRAPHRISK_RIGHTS)."
)
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The subject of his tokens.")]
GrantArgument = Annotated[
    str, typer.Argument(metavar="GRANT", help="Id of the grant, as `list` tells it.")
]
ReasonOption = Annotated[str, typer.Option(help="Why.")]
_DAY_MS: Final = 86_400_000
_PAGE: Final = 200


@principal.command()
def add(
    name: NameArgument,
    area: Annotated[str, typer.Option(help="Where he belongs: prefix of a division's code.")],
    title: Annotated[str, typer.Option(help="What he is, for people.")] = "",
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make somebody known; he holds nothing yet."""
    from graphrisk.access.principals.model import Newcomer

    with _opened(store) as (principals, who):
        added = principals.add(*who, Newcomer(name, title, area))
    if as_json:
        say_json({"principal": _document(added)})
    else:
        say(f"Known now: {added.who.name}")


@principal.command()
def grant(
    name: NameArgument,
    role: Annotated[list[str], typer.Option(help="Repeatable.")],
    area: Annotated[
        list[str], typer.Option(help="Prefix of division codes; '' is everything. Repeatable.")
    ],
    reason: ReasonOption,
    days: Annotated[int, typer.Option(min=1, max=366, help="How long they are held.")] = 180,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give rights. Elevated roles are proposed only: another person agrees (`approve`).

    Where nobody is an administrator, the first one is made so at once.
    """
    from graphrisk.access.principals.model import Rights
    from graphrisk.core.clock import SystemClock

    ends = SystemClock().now_ms() + days * _DAY_MS
    with _opened(store) as (principals, who):
        _say(principals.grant(*who, name, Rights(tuple(role), tuple(area), ends), reason), as_json)


@principal.command()
def approve(
    grant_id: GrantArgument,
    reason: ReasonOption,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Agree to a grant that another person proposed."""
    with _opened(store) as (principals, who):
        _say(principals.decide(*who, grant_id, True, reason), as_json)


@principal.command()
def withdraw(
    grant_id: GrantArgument,
    reason: ReasonOption,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a grant back, in every process at once. Needs the operations database alone."""
    with _opened(store) as (principals, who):
        _say(principals.withdraw(*who, grant_id, reason), as_json)


@principal.command(name="list")
def listing(
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Those with a grant that waits for a second person.")
    ] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List principals with all grants, in the order of entry."""
    found: list[Registered] = []
    with _opened(store) as (principals, who):
        more = True
        while more:
            after = found[-1].number if found else 0
            part, more = principals.listing(*who, after, _PAGE, waiting)
            found += part
    if as_json:
        say_json({"principals": [_document(one) for one in found]})
        return
    columns = ("name", "title", "area", "ended", "grant", "roles", "areas", "until", "state")
    say_table("Principals", columns, [row for one in found for row in _rows(one)])


@contextmanager
def _opened(store: str | None) -> Iterator[tuple[Principals, tuple[Principal, Purpose]]]:
    """The principals of a deployment, whose graph need not run, and who acts on them for what."""
    from graphrisk.access.principals.service import Principals
    from graphrisk.store.operations.principals import StoredPrincipals

    with opened_operations(store) as at:
        yield Principals(StoredPrincipals(at.database), at.clock, at.audit), at.who


def _say(grant: Grant, as_json: bool) -> None:
    if as_json:
        say_json({"grant": _grant_document(grant)})
    else:
        say(f"{grant.state.value}: {grant.grant_id}")


def _rows(one: Registered) -> list[tuple[object, ...]]:
    said = _document(one)
    who = (one.who.name, one.who.title, one.who.area or "all", said["ended_at"])
    rows = [
        (
            grant.grant_id,
            ", ".join(grant.rights.roles),
            ", ".join(area or "all" for area in grant.rights.areas),
            _grant_document(grant)["until"],
            grant.state.value,
        )
        for grant in one.grants
    ]
    return [(*who, *row) for row in rows or [("", "", "", "", "")]]


def _document(one: Registered) -> dict[str, object]:
    from graphrisk.api.times import time_text

    return {
        "name": one.who.name,
        "title": one.who.title,
        "area": one.who.area,
        "added_by": one.added_by,
        "added_at": time_text(one.added_at),
        "ended_at": None if one.ended_at is None else time_text(one.ended_at),
        "grants": [_grant_document(grant) for grant in one.grants],
    }


def _grant_document(one: Grant) -> dict[str, object]:
    from graphrisk.api.times import time_text

    return {
        "id": one.grant_id,
        "roles": list(one.rights.roles),
        "areas": list(one.rights.areas),
        "until": time_text(one.rights.ends_at),
        "state": one.state.value,
        "reason": one.reason,
        "given_by": one.given_by,
        "decided_by": one.decided_by,
        "withdrawn_by": one.withdrawn_by,
    }
