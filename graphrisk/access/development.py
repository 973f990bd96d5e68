"""The principal of a deployment without sign-on: a developer at the machine itself."""

from __future__ import annotations

from graphrisk.access.model import EVERYTHING, Principal

#: Sees the whole city, personal values masked until a case is named. Every read is recorded.
DEVELOPMENT = Principal("development", frozenset({"investigator"}), EVERYTHING)
