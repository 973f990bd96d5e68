"""Commands around access: ``token``."""

from __future__ import annotations

from typing import Annotated

import typer

from graphrisk.cli.deployment import asked_settings
from graphrisk.cli.options import JsonOption, StoreOption
from graphrisk.cli.output import say, say_json, say_table
from graphrisk.core.errors import ConfigError


def token(
    as_: Annotated[
        str | None, typer.Option("--as", help="Whose; without it the named people are listed.")
    ] = None,
    hours: Annotated[int, typer.Option(min=1, max=72, help="How long it is valid.")] = 8,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print a bearer token of the development issuer, to try out what somebody may see and do.

    Send it as `Authorization: Bearer TOKEN`. A deployment with an issuer of its own takes none.
    """
    from graphrisk.access.issuer import DevelopmentIssuer, people, person
    from graphrisk.core.clock import SystemClock
    from graphrisk.core.files import private_folder

    settings = asked_settings(store)
    if as_ is None:
        columns = ("name", "title", "roles", "areas")
        rows = [(p.name, p.title, ", ".join(p.roles), ", ".join(p.areas)) for p in people()]
        if as_json:
            say_json({"people": [dict(zip(columns, row, strict=True)) for row in rows]})
        else:
            say_table("People", columns, rows)
        return
    if settings.issuer is not None:
        raise ConfigError("this deployment has an issuer of its own: ask that for a token")
    named = person(as_)
    private_folder(settings.folder)
    made = DevelopmentIssuer(settings.folder, SystemClock()).token(
        named.name, named.roles, named.areas, hours
    )
    if as_json:
        say_json({"token": made})
    else:
        say(made)
