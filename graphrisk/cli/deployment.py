"""What a command works on: the deployment of ``--store``, its password asked for at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import SecretStr

    from graphrisk.analysis.deployment import Deployment
    from graphrisk.settings import Settings


def asked_settings(store: str | None) -> Settings:
    """Settings from the environment, with the store of the command line over them."""
    from graphrisk.settings import read_settings

    settings = read_settings(store)
    if settings.sqlite_file is None:
        settings.neo4j_target()
        if settings.store_password is None and sys.stdin.isatty():
            return settings.model_copy(update={"store_password": _ask_password(settings)})
    return settings


@contextmanager
def opened(store: str | None) -> Iterator[Deployment]:
    """The deployment of ``--store`` (or the environment), migrated; closed on leaving."""
    from graphrisk.analysis.deployment import opened_with

    with opened_with(asked_settings(store)) as deployment:
        yield deployment


def _ask_password(settings: Settings) -> SecretStr:
    import typer
    from pydantic import SecretStr

    uri, user = settings.neo4j_target()
    return SecretStr(typer.prompt(f"Password of {user} at {uri}", hide_input=True, err=True))
