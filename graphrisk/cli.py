"""The command line: one thin command for each main job."""

from __future__ import annotations


def main() -> None:
    """Entry point of ``graphrisk``."""
    raise SystemExit(0)
