"""Where what lies in a backup."""

from __future__ import annotations

from typing import Final

MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
GRAPH: Final = "graph.db"
OPERATIONS: Final = "operations"
#: The data folder, without what has a place of its own and without copies that are made anew.
FILES: Final = "files"
#: Keys without which the rest cannot be read; may be kept elsewhere.
SECRETS: Final = "secrets"
KEY_RING: Final = "keys.json"
ID_SECRET: Final = "id-secret"
