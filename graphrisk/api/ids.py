"""Ids and cursors as the outside sees them. A text that is none of ours is ``BadInput``."""

from __future__ import annotations

import base64
import binascii
from typing import NoReturn

from graphrisk.core.errors import BadInput
from graphrisk.core.ids import OpaqueIds
from graphrisk_schema.reader import load_schema

_LONGEST = 64
_AFTER = "after"


class PublicIds:
    """Translates entities, edges and places in lists to opaque texts and back."""

    def __init__(self, secret: bytes) -> None:
        self._opaque = OpaqueIds(secret)
        self._kinds = {kind.lower(): kind for kind in load_schema().nodes}

    def entity(self, kind: str, nid: int) -> str:
        """Id of a node, e.g. ``person_0a…``."""
        return self._opaque.encode(kind.lower(), nid)

    def edge(self, kind: str, eid: int) -> str:
        """Id of an edge, e.g. ``transferred_0a…``."""
        return self._opaque.encode(kind.lower(), eid)

    def read_entity(self, text: str) -> tuple[str, int]:
        """Kind and nid of an entity's id. A made-up id may pass here and then is nobody's."""
        prefix = text.rpartition("_")[0]
        if prefix not in self._kinds or len(text) > _LONGEST:
            _refuse("an entity's id")
        return self._kinds[prefix], self._number(text, "an entity's id")

    def cursor(self, number: int) -> str:
        """Place behind a row of a list that is ordered by a number."""
        return self._opaque.encode(_AFTER, number)

    def read_cursor(self, text: str | None) -> int:
        """The number behind which a list goes on; -1 for its beginning."""
        if text is None:
            return -1
        if text.rpartition("_")[0] != _AFTER or len(text) > _LONGEST:
            _refuse("a cursor")
        return self._number(text, "a cursor")

    def _number(self, text: str, what: str) -> int:
        try:
            return self._opaque.decode(text)[1]
        except BadInput:
            _refuse(what)


def finding_cursor(finding_id: str) -> str:
    """Place behind a finding."""
    return base64.urlsafe_b64encode(finding_id.encode()).decode().rstrip("=")


def read_finding_cursor(text: str | None) -> str | None:
    """The finding behind which a list goes on; ``None`` for its beginning."""
    if text is None:
        return None
    if len(text) > _LONGEST:
        _refuse("a cursor")
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (UnicodeError, binascii.Error):
        _refuse("a cursor")


def _refuse(what: str) -> NoReturn:
    raise BadInput(f"that is not {what} of this service") from None
