"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphrisk.core.errors import BadInput

_LANGUAGES = {"zh": ("zh",), "en": ("en",), "both": ("zh", "en")}
StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="URL",
        help="sqlite:///FILE or neo4j://USER@HOST:PORT (default: GRAPHRISK_STORE). "
        "The password comes from GRAPHRISK_STORE_PASSWORD or a prompt.",
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on stdout; progress stays on stderr.")
]
CaseOption = Annotated[
    str | None,
    typer.Option(
        help="Number of the case: names and numbers in clear; else masked. Recorded with the read."
    ),
]
Seed = Annotated[int, typer.Option(min=0, help="Same seed, same bytes.")]
Language = Annotated[str, typer.Option("--lang", help="zh, en or both.")]
Truth = Annotated[
    Path,
    typer.Option(
        "--truth", help="The city's truth/ folder.", exists=True, file_okay=False, readable=True
    ),
]


def languages(said: str) -> tuple[str, ...]:
    """The languages that ``--lang`` asks for; ``BadInput`` when it names none."""
    if said not in _LANGUAGES:
        raise BadInput(f"--lang is one of {', '.join(_LANGUAGES)}, not {said!r}")
    return _LANGUAGES[said]
