"""What a file is, by its first bytes, and what it may be called."""

from __future__ import annotations

import re
from typing import Final

from graphrisk.core.errors import BadInput

#: How many first bytes are looked at.
LOOKED_AT: Final = 512
LONGEST_NAME: Final = 200
SHA256: Final = re.compile(r"[0-9a-f]{64}")
OTHER: Final = "application/octet-stream"
_BEGINNINGS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),  # also office documents
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
)
_FORMS: Final = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}


def media_type_of(beginning: bytes) -> str:
    r"""The media type that the first bytes tell, whatever a sender says of it.

    >>> media_type_of(b"%PDF-1.7 ..."), media_type_of("笔录".encode()), media_type_of(b"MZ\x90\0")
    ('application/pdf', 'text/plain', 'application/octet-stream')
    """
    for mark, told in _BEGINNINGS:
        if beginning.startswith(mark):
            return told
    if beginning[:4] == b"RIFF" and beginning[8:12] in _FORMS:
        return _FORMS[beginning[8:12]]
    if beginning[4:8] == b"ftyp":
        return "image/heic" if beginning[8:11] in (b"hei", b"mif") else "video/mp4"
    is_text = b"\0" not in beginning and _is_utf8(beginning)
    return "text/plain" if is_text else OTHER


def checked_name(name: str) -> str:
    """A file's name, trimmed; ``BadInput`` for none, or one that is a path or a story."""
    said = name.strip()
    if not 0 < len(said) <= LONGEST_NAME or not said.isprintable() or "/" in said or "\\" in said:
        raise BadInput(f"a file has a name of at most {LONGEST_NAME} printable signs and no path")
    return said


def checked_hash(sha256: str) -> str:
    """A file's hash; ``BadInput`` where it is none."""
    if not SHA256.fullmatch(sha256):
        raise BadInput("a file is named by the SHA-256 of what it holds, in small hex digits")
    return sha256


def _is_utf8(beginning: bytes) -> bool:
    try:
        beginning.decode("utf-8")
    except UnicodeDecodeError as error:
        # The look may end within a sign of several bytes.
        return len(beginning) == LOOKED_AT and error.start >= LOOKED_AT - 3
    return True
