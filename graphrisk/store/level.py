"""What a store's facts are written like; a store that is written otherwise is refused."""

from __future__ import annotations

from graphrisk.core.errors import StoreError

#: Raised when identities or contents of facts are told in another way than before: what is loaded
#: again would then be taken for new.
LEVEL = 2


def check(found: int) -> None:
    """``StoreError`` when a store was written at another level."""
    if found != LEVEL:
        raise StoreError(
            f"the store was written by another version (level {found}, this one writes {LEVEL}): "
            "load the sources into a new store"
        )
