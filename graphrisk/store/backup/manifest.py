"""What a backup says of itself: when, of what, and the digest of every file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from graphrisk.core.errors import BadInput
from graphrisk.store.backup.places import MANIFEST, SUMS
from graphrisk.store.sqlite.backup import GraphFacts

FORMAT: Final = 1
_PART: Final = 1 << 20


class Manifest(BaseModel):
    """A backup, as it was when it was made."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    release: str
    made_at: int  # epoch ms, UTC: before the first byte was read
    graph: GraphFacts | None  # None: it lies on a server, whose own backup holds it
    operations: str  # the engine: sqlite or postgresql
    checkpoint: str  # of the audit's log, signed
    entries: int  # that it covers


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup; ``BadInput`` when the folder is none, or of a newer release."""
    file = folder / MANIFEST
    try:
        manifest = Manifest.model_validate_json(file.read_bytes())
    except OSError as error:
        raise BadInput("is no backup: it has no manifest", file=str(folder)) from error
    except ValidationError as error:
        raise BadInput("is no manifest of a backup", file=str(file)) from error
    if manifest.format > FORMAT:
        raise BadInput(f"was written by graphrisk {manifest.release}, a newer one", file=str(file))
    return manifest


def write_sums(folder: Path) -> None:
    """Note the digest of every file, in the form that ``sha256sum --check`` reads."""
    lines = [f"{_digest(file)}  {file.relative_to(folder)}\n" for file in _files(folder)]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def changed_files(folder: Path) -> list[str]:
    """Files that are missing, added or not as they were noted, by name."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("the list of digests cannot be read", file=str(folder / SUMS)) from error
    noted = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    there = {str(file.relative_to(folder)): file for file in _files(folder)}
    found = sorted(noted.keys() ^ there.keys())
    both = sorted(noted.keys() & there.keys())
    return sorted([*found, *(name for name in both if _digest(there[name]) != noted[name])])


def _files(folder: Path) -> Iterator[Path]:
    yield from (file for file in sorted(folder.rglob("*")) if file.is_file() and file.name != SUMS)


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while part := stream.read(_PART):
            digest.update(part)
    return digest.hexdigest()
