"""Commands around API keys: ``key issue``, ``key list``, ``key rotate``, ``key revoke``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final

import typer

from graphrisk.cli.operations import opened_operations
from graphrisk.cli.options import JsonOption, StoreOption
from graphrisk.cli.output import say, say_json, say_table

if TYPE_CHECKING:
    from graphrisk.access.keys.model import ApiKey, Handed
    from graphrisk.access.keys.service import ApiKeys
    from graphrisk.access.model import Principal, Purpose

key = typer.Typer(help="API keys of applications: issue, list, rotate, revoke.")
KeyArgument = Annotated[str, typer.Argument(metavar="ID", help="Of the key, as `list` tells it.")]
_DAY_MS, _HOUR_MS = 86_400_000, 3_600_000
_PAGE: Final = 200


@key.command()
def issue(
    name: Annotated[str, typer.Argument(help="Of the application.")],
    area: Annotated[
        list[str], typer.Option(help="Prefix of division codes; '' is everything. Repeatable.")
    ],
    purpose: Annotated[list[str], typer.Option(help="Code it may state. Repeatable.")],
    role: Annotated[list[str] | None, typer.Option(help="Default: application.")] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it is valid.")] = 90,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print a new API key. This is the only time that its secret is shown.

    Send it as `Authorization: Bearer grk_…`.
    """
    from graphrisk.access.keys.model import Grant
    from graphrisk.core.clock import SystemClock

    ends = SystemClock().now_ms() + days * _DAY_MS
    roles = tuple(role or ["application"])
    with _opened(store) as (keys, who):
        wanted = Grant(name, roles, tuple(area), tuple(purpose), ends)
        _hand_out(keys.issue(*who, wanted), as_json)


@key.command(name="list")
def listing(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """List all keys, also those that have ended, in the order of issue."""
    found: list[ApiKey] = []
    with _opened(store) as (keys, who):
        more = True
        while more:
            after = found[-1].number if found else 0
            part, more = keys.listing(*who, after, _PAGE)
            found += part
    if as_json:
        say_json({"keys": [_document(one) for one in found]})
        return
    columns = ("id", "name", "roles", "areas", "purposes", "expires", "revoked", "last used")
    say_table("API keys", columns, [_row(one) for one in found])


@key.command()
def rotate(
    key_id: KeyArgument,
    overlap_hours: Annotated[
        int, typer.Option(min=0, max=720, help="How long the older secret works too; 0: no more.")
    ] = 24,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print another secret for a key; both work for some hours, so that nothing has to stop."""
    with _opened(store) as (keys, who):
        _hand_out(keys.rotate(*who, key_id, overlap_hours * _HOUR_MS), as_json)


@key.command()
def revoke(key_id: KeyArgument, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """End a key at once and for good. Needs the operations database alone."""
    with _opened(store) as (keys, who):
        revoked = keys.revoke(*who, key_id)
    if as_json:
        say_json({"key": _document(revoked)})
    else:
        say(f"Revoked: {revoked.grant.name} ({revoked.key_id})")


@contextmanager
def _opened(store: str | None) -> Iterator[tuple[ApiKeys, tuple[Principal, Purpose]]]:
    """The keys of a deployment, whose graph need not run, and who acts on them for what."""
    from graphrisk.access.keys.service import ApiKeys
    from graphrisk.store.operations.api_keys import ApiKeyRows

    with opened_operations(store) as at:
        yield ApiKeys(ApiKeyRows(at.database), at.clock, at.audit), at.who


def _hand_out(handed: Handed, as_json: bool) -> None:
    if as_json:
        say_json({"key": _document(handed.key), "secret": handed.text})
    else:
        say(handed.text)


def _row(one: ApiKey) -> tuple[object, ...]:
    said = _document(one)
    listed = (", ".join(item or "all" for item in held) for held in _lists(one))
    times = (said[name] for name in ("expires_at", "revoked_at", "used_at"))
    return (one.key_id, one.grant.name, *listed, *times)


def _lists(one: ApiKey) -> tuple[tuple[str, ...], ...]:
    return one.grant.roles, one.grant.areas, one.grant.purposes


def _document(one: ApiKey) -> dict[str, object]:
    from graphrisk.api.times import time_text

    roles, areas, purposes = _lists(one)
    said: dict[str, object] = {"id": one.key_id, "name": one.grant.name}
    said |= {"roles": roles, "areas": areas, "purposes": purposes}
    said |= {"issued_by": one.issued_by, "revoked_by": one.revoked_by}
    moments = {
        "issued_at": one.issued_at,
        "expires_at": one.grant.expires_at,
        "revoked_at": one.revoked_at,
        "used_at": one.used_at,
    }
    return said | {n: None if at is None else time_text(at) for n, at in moments.items()}
