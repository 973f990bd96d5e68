"""The principal of a deployment without sign-on: a developer at the machine itself."""

from __future__ import annotations

from graphrisk.access.model import EVERYTHING, Principal

#: Sees the whole city, personal values masked until a case is named. Every read is recorded.
#: Whoever sits at the machine has its files, so every desk's role is his; where two persons are
#: asked for (a severe measure, a rule put to work) he is one of them.
DEVELOPMENT = Principal(
    "development",
    frozenset(
        {
            *("investigator", "analyst", "dispatcher", "supervisor", "approver", "duty_officer"),
            *("auditor", "administrator"),
        }
    ),
    EVERYTHING,
)
