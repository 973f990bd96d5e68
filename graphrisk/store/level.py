"""What a store's facts are written like; a store that is written otherwise is refused."""

from __future__ import annotations

from graphrisk.core.errors import ConfigError, StoreError

#: Raised when identities or contents of facts are told in another way than before: what is loaded
#: again would then be taken for new.
LEVEL = 2


def check(found: int) -> None:
    """``ConfigError`` when a newer release wrote a store, ``StoreError`` when an older one did."""
    levels = f"(level {found}, this one writes {LEVEL})"
    if found > LEVEL:
        raise ConfigError(
            f"the graph store was written by a newer release of graphrisk {levels}: "
            "install that release, or name another store"
        )
    if found < LEVEL:
        raise StoreError(
            f"the graph store was written by an older release of graphrisk {levels}: "
            "load the sources into a new store"
        )
