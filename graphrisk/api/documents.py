"""Trusted documents: GraphQL texts that a deployment knows, each named by the hash of its bytes.

A client sends ``documentId`` (``sha256:HEX``) in place of ``query``; where trusted documents alone
are answered, no other text is executed, however it comes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import orjson

from graphrisk.core.errors import BadInput, ConfigError, NotFound
from graphrisk.core.files import private_folder, replace

_ID = re.compile(r"sha256:[0-9a-f]{64}")


def document_id(text: str) -> str:
    """The name of a document: the hash of its text, character by character."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


class TrustedDocuments:
    """The register: one JSON file, id → text, read again when another process changed it.

    ``shipped`` are texts of this release's own page, which are trusted beside those in the file.
    """

    def __init__(self, file: Path, shipped: Iterable[str] = ()) -> None:
        self._file = file
        self._shipped = {document_id(text): text for text in shipped}
        self._read_at: tuple[int, int] | None = None
        self._texts: dict[str, str] = {}

    def listing(self) -> dict[str, str]:
        """All texts in the file by id. ``ConfigError`` for a file that is no register."""
        try:
            state = self._file.stat()
        except FileNotFoundError:
            self._read_at, self._texts = None, {}
            return self._texts
        if self._read_at != (state.st_mtime_ns, state.st_ino):
            self._texts = self._read()
            self._read_at = (state.st_mtime_ns, state.st_ino)
        return self._texts

    def text(self, name: str) -> str:
        """The text of a document.

        Raises:
            BadInput: That is not the form of an id.
            NotFound: No document of that id is trusted.
        """
        return _found({**self.listing(), **self._shipped}, name)

    def holds(self, text: str) -> bool:
        """Whether exactly this text is trusted."""
        name = document_id(text)
        return name in self._shipped or name in self.listing()

    def add(self, texts: Iterable[str]) -> list[str]:
        """Trust these texts from now on; their ids, in order."""
        named = [(document_id(text), text) for text in texts]
        self._write({**self.listing(), **dict(named)})
        return [name for name, _ in named]

    def remove(self, name: str) -> None:
        """Trust a document of the file no longer; errors as of ``text``."""
        held = self.listing()
        _found(held, name)
        self._write({known: text for known, text in held.items() if known != name})

    def _read(self) -> dict[str, str]:
        try:
            held = orjson.loads(self._file.read_bytes())
        except (OSError, orjson.JSONDecodeError) as error:
            raise ConfigError(f"{self._file} cannot be read: {type(error).__name__}") from error
        if not isinstance(held, dict) or any(
            not isinstance(text, str) or document_id(text) != name for name, text in held.items()
        ):
            raise ConfigError(f"{self._file} is no register of documents, or was changed by hand")
        return held

    def _write(self, texts: dict[str, str]) -> None:
        private_folder(self._file.parent)
        options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS
        replace(self._file, orjson.dumps(texts, option=options) + b"\n")


def _found(held: Mapping[str, str], name: str) -> str:
    if not _ID.fullmatch(name):
        raise BadInput("documentId is sha256: and 64 hexadecimal digits in lower case")
    found = held.get(name)
    if found is None:
        raise NotFound("no trusted document has this id")
    return found
