"""What a principal may decide (S8)."""

from __future__ import annotations

from graphrisk.access.model import Principal

#: Roles whose word on who is who counts.
_JUDGES = frozenset({"investigator"})


def may_judge(principal: Principal) -> bool:
    """Whether this principal may judge which records are one person."""
    return bool(principal.roles & _JUDGES)
