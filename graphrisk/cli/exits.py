"""Exit codes, documented in docs/cli.md: one per error code of the service."""

from __future__ import annotations

from enum import IntEnum

from graphrisk.core.errors import GraphRiskError


class Exit(IntEnum):
    """What the shell is told. 2 is Typer's own for wrong usage."""

    OK = 0
    CHECK_FAILED = 1
    USAGE = 2
    BAD_INPUT = 3
    FORBIDDEN = 4
    NOT_FOUND = 5
    CONFLICT = 6
    LIMIT_EXCEEDED = 7
    CONFIG = 8
    STORE = 9
    STORE_UNAVAILABLE = 10
    UNSUPPORTED = 11
    UNAUTHENTICATED = 12
    CASE_REQUIRED = 13
    INTERNAL = 70
    INTERRUPTED = 130
    TERMINATED = 143


def exit_code(error: GraphRiskError) -> Exit:
    """Exit code of an error, by the name of its stable code."""
    return Exit[error.code]
