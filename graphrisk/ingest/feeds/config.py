"""Feeds as YAML says them, checked before anything is fetched; docs/feeds.md explains each key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias
from urllib.parse import SplitResult, urlsplit

from graphrisk.core.errors import ConfigError, NotFound
from graphrisk_loaders.mapping import ROW, Mapping
from graphrisk_loaders.parser import builtin_mappings, name_of, read_mappings
from graphrisk_loaders.said import MappingError, Said
from graphrisk_loaders.yaml_text import YamlFault, read_yaml

_COMMON = ("name", "kind", "every")
KEYS = {
    "folder": (*_COMMON, "path", "mappings", "quiet", "marker"),
    "http": (*_COMMON, "url", "mapping", "since", "rows", "next", "secret"),
    "postgres": (*_COMMON, "url", "mapping", "query", "after", "secret"),
}
_LOCAL = ("localhost", "127.0.0.1", "::1")
QUIET_MS = 10_000


@dataclass(frozen=True, slots=True)
class FolderFeed:
    """Files and folders that somebody puts into a folder."""

    name: str
    path: Path
    every_ms: int = 60_000
    mappings: Path | None = None  # instead of those shipped
    quiet_ms: int = QUIET_MS  # unchanged for so long counts as complete
    marked_only: bool = False  # only a marker beside it says that it is complete


@dataclass(frozen=True, slots=True)
class HttpFeed:
    """Changes that a service hands out page by page, each with the token of the next."""

    name: str
    every_ms: int
    mapping: Mapping
    url: str
    since: str  # query parameter that takes the token
    rows: str  # member of the answer that holds the rows
    next: str  # member that holds the token behind them
    secret: str | None  # environment variable with the bearer key

    @property
    def asks(self) -> str:
        """Digest of what is asked: a token of one service means nothing to another."""
        return _digest(self.url, self.since, self.rows, self.next)


@dataclass(frozen=True, slots=True)
class PostgresFeed:
    """Rows of a query: all of them each time, or those behind the last one seen."""

    name: str
    every_ms: int
    mapping: Mapping
    url: str
    query: str
    after: str | None  # column that grows from row to row
    secret: str | None  # environment variable with the password

    @property
    def asks(self) -> str:
        """Digest of what is asked: a value of one column means nothing to another."""
        return _digest(self.url, self.query, self.after)


Feed: TypeAlias = "FolderFeed | HttpFeed | PostgresFeed"


def find_feed(files: Sequence[Path], name: str) -> Feed:
    """The feed of that name among the files; ``NotFound`` names those there are."""
    for file in files:
        if file.stem == name:
            return read_feed(file)
    raise NotFound(f"no feed {name!r}; there are: {', '.join(f.stem for f in files) or 'none'}")


def read_feed(file: Path) -> Feed:
    """One feed; ``ConfigError`` names file and key."""
    try:
        text = file.read_text(encoding="utf-8")
        said = Said.of(
            file.name, "", read_yaml(text), sorted({k for v in KEYS.values() for k in v})
        )
        kind = said.one_of("kind", tuple(KEYS))
        said = Said.of(file.name, "", said.values, KEYS[kind])
        if name_of(said) != file.stem:
            raise said.fail("name", f"must be {file.stem!r}, as the file is called")
        if kind == "folder":
            return _folder(said, file.parent)
        return _http(said, file.parent) if kind == "http" else _postgres(said, file.parent)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read: {error}") from error
    except YamlFault as fault:
        raise ConfigError(f"{file.name}: {fault}") from fault
    except MappingError as error:
        raise ConfigError(str(error)) from error


def _digest(*said: str | None) -> str:
    return sha256(repr(said).encode()).hexdigest()


def _every(said: Said) -> int:
    every = said.span("every")
    if every is None:
        raise said.fail("every", "is missing")
    return every


def _address(said: Said) -> tuple[str, SplitResult]:
    url = said.text("url")
    try:
        return url, urlsplit(url)
    except ValueError as error:
        raise said.fail("url", "is no address") from error


def _folder(said: Said, beside: Path) -> FolderFeed:
    quiet = said.span("quiet")
    return FolderFeed(
        name=name_of(said),
        every_ms=_every(said),
        path=beside / said.text("path"),
        mappings=beside / said.text("mappings") if "mappings" in said else None,
        quiet_ms=QUIET_MS if quiet is None else quiet,
        marked_only=said.one_of("marker", ("optional", "required"), "optional") == "required",
    )


def _http(said: Said, beside: Path) -> HttpFeed:
    url, parts = _address(said)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise said.fail("url", "must be https (http on this machine alone)")
    if "@" in parts.netloc:
        raise said.fail("url", "holds a user: the key belongs into the variable named by secret")
    return HttpFeed(
        name=name_of(said),
        every_ms=_every(said),
        mapping=_mapping(said, beside, by_page=True),
        url=url,
        since=said.text("since", "since"),
        rows=said.text("rows", "rows"),
        next=said.text("next", "next"),
        secret=said.text("secret") if "secret" in said else None,
    )


def _postgres(said: Said, beside: Path) -> PostgresFeed:
    url, parts = _address(said)
    if parts.scheme not in ("postgresql", "postgres"):
        raise said.fail("url", "must be postgresql://USER@HOST/NAME")
    if parts.password is not None or "password" in parts.query:
        raise said.fail("url", "holds a password: it belongs into the variable named by secret")
    after = said.text("after") if "after" in said else None
    return PostgresFeed(
        name=name_of(said),
        every_ms=_every(said),
        mapping=_mapping(said, beside, by_page=after is not None),
        url=url,
        query=said.text("query").strip().rstrip(";"),
        after=after,
        secret=said.text("secret") if "secret" in said else None,
    )


def _mapping(said: Said, beside: Path, *, by_page: bool) -> Mapping:
    """A mapping shipped, by name, or one's own in a file."""
    name = said.text("mapping")
    known = read_mappings(beside / name) if name.endswith(".yaml") else builtin_mappings()
    found = [one for one in known if name in (one.name, f"{one.name}.yaml") or len(known) == 1]
    if not found:
        raise said.fail("mapping", f"no mapping {name!r} is shipped, nor is it a file *.yaml")
    mapping = found[0]
    if mapping.format != "jsonl":
        raise said.fail("mapping", f"{mapping.name} reads {mapping.format}; a feed brings jsonl")
    if by_page and (mapping.mode == "full" or ROW in mapping.identity):
        raise said.fail("mapping", f"{mapping.name} needs all rows at once; pages are a part each")
    return mapping
