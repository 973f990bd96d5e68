"""What is watched, by whom, and what was told of it."""

from __future__ import annotations

from dataclasses import dataclass

#: What one may watch.
KINDS = ("Person", "Phone", "Account", "Company", "Platform", "Device")
APPEARED = "appeared"
PROPERTIES = "properties"


@dataclass(frozen=True, slots=True)
class WatchItem:
    """Something on a list: by its key, for it may not be in the graph yet."""

    kind: str
    key: str
    added_at: int  # epoch ms UTC


@dataclass(frozen=True, slots=True)
class WatchList:
    """Somebody's list."""

    list_id: str
    name: str
    owner: str
    purpose: str
    case: str | None
    created_at: int  # epoch ms UTC
    expires_at: int  # it tells nothing from then on
    closed_at: int | None
    items: tuple[WatchItem, ...]  # in the order in which they were added


@dataclass(frozen=True, slots=True)
class WatchHit:
    """Something on a list appeared or changed."""

    number: int
    list_id: str
    nid: int
    changed: tuple[str, ...]  # ``appeared``, ``properties``, kinds of edges; in this order
    at: int  # of the look that saw it, epoch ms UTC


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look did."""

    upto: int  # the graph's version up to which changes were seen
    hits: int
    withheld: int  # outside the watchers' areas: nothing was told
