"""Breaking changes of the GraphQL schema since the last release: ``python -m scripts.api_breaks``.

Prints each; 1 when one is not in ``accepted-breaks.yaml`` (a mapping of the printed line to the
reason), or when the file accepts what breaks nothing. ``--release`` makes the schema of now the one
to compare with, and empties the file: part of making a release.
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from graphrisk.api.checking import ACCEPTED, RELEASED, breaks, judged, printed
from graphrisk.api.schema import FILE

_HEAD = "# Line that scripts.api_breaks prints: why the break was accepted.\n"


def complaints() -> list[str]:
    """What stands against a release as things are."""
    return judged(breaks(printed(RELEASED), printed(FILE)), yaml.safe_load(printed(ACCEPTED)) or {})


def main() -> int:
    """Compare, or release."""
    folder = Path(__file__).parents[1] / "schema" / "graphrisk_schema"
    if "--release" in sys.argv:
        (folder / RELEASED).write_text(printed(FILE), encoding="utf-8")
        (folder / ACCEPTED).write_text(_HEAD + "{}\n", encoding="utf-8")
        return 0
    for line in breaks(printed(RELEASED), printed(FILE)):
        sys.stdout.write(f"{line}\n")
    found = complaints()
    sys.stderr.writelines(f"{one}\n" for one in found)
    return int(bool(found))


if __name__ == "__main__":
    raise SystemExit(main())
