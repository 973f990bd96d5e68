"""Ids and cursors as the outside sees them. A text that is none of ours is ``BadInput``."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Literal, NoReturn

from graphrisk.analysis.model import Place
from graphrisk.core.errors import BadInput
from graphrisk.core.ids import OpaqueIds
from graphrisk_schema.reader import load_schema

#: Numbers are dense; a changed cursor decodes to one of 64 bits, and so nearly always to none here.
_FIRST_IMPOSSIBLE = 1 << 48
#: Lists whose rows are ordered by a number, each with cursors of its own.
Ordered = Literal[
    "members",
    "evidence",
    "neighbours",
    "gaps",
    "queue",
    "judgements",
    "events",
    "cases",
    "steps",
    "rule_hits",
    "watch_hits",
    "query_news",
    "tasks",
    "points",
    "notices",
    "api_keys",
    "audit",
    "principals",
    "openings",
    "webhook_messages",
]
_DIGITS = "[0-9a-hjkmnp-tv-z]{13}"
_NOBODY = -1
_LONGEST = 96
_PLACE = re.compile(r"(\d{1,15}):(ring_[0-9a-f]{16})", re.ASCII)
_KINDS = {kind.lower(): kind for kind in load_schema().nodes}
#: What every entity's id looks like, whoever's it is.
ENTITY_PATTERN = rf"^({'|'.join(_KINDS)})_{_DIGITS}$"


class PublicIds:
    """Translates entities, edges and places in lists to opaque texts and back."""

    def __init__(self, secret: bytes) -> None:
        self._opaque = OpaqueIds(secret)

    def entity(self, kind: str, nid: int) -> str:
        """Id of a node, e.g. ``person_0a…``."""
        return self._opaque.entity(kind, nid)

    def stub(self, principal: str, nid: int) -> str:
        """Id of what stands for a node outside somebody's scope: a name that he alone has."""
        return f"stub_{self._opaque.encode(f'stub {principal}', nid).rpartition('_')[2]}"

    def read_stub(self, principal: str, text: str) -> int:
        """The nid behind his name for it; ``BadInput`` for none, a made-up one is nobody's."""
        if not re.fullmatch(f"stub_{_DIGITS}", text):
            raise BadInput("that is not the id of a stub")
        try:
            return self._opaque.decode(f"stub {principal}_{text.removeprefix('stub_')}")[1]
        except BadInput:
            return _NOBODY

    def edge(self, kind: str, eid: int) -> str:
        """Id of an edge, e.g. ``transferred_0a…``."""
        return self._opaque.encode(kind.lower(), eid)

    def read_entity(self, text: str) -> tuple[str, int]:
        """Kind and nid of an entity's id. A made-up one reads as a number that nobody has."""
        found = re.fullmatch(ENTITY_PATTERN, text)
        if found is None:
            raise BadInput("that is not an entity's id of this service")
        try:
            return _KINDS[found[1]], self._opaque.decode(text)[1]
        except BadInput:
            return _KINDS[found[1]], _NOBODY

    def cursor(self, rows: Ordered, number: int) -> str:
        """Place behind a row of a list that is ordered by a number."""
        return self._opaque.encode(f"after_{rows}", number)

    def read_cursor(self, rows: Ordered, text: str | None) -> int:
        """The number behind which a list goes on; -1 for its beginning."""
        if text is None:
            return -1
        if not re.fullmatch(f"after_{rows}_{_DIGITS}", text):
            _refuse_cursor()
        try:
            number = self._opaque.decode(text)[1]
        except BadInput:
            _refuse_cursor()
        if not 0 <= number < _FIRST_IMPOSSIBLE:
            _refuse_cursor()
        return number


def finding_cursor(place: Place) -> str:
    """Place behind a finding of a run."""
    text = f"{place.run}:{place.finding_id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_finding_cursor(text: str | None) -> Place | None:
    """The place where a list of findings goes on; ``None`` for its beginning."""
    if text is None:
        return None
    if len(text) > _LONGEST:
        _refuse_cursor()
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        place = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (UnicodeError, binascii.Error):
        _refuse_cursor()
    found = _PLACE.fullmatch(place)
    if found is None:
        _refuse_cursor()
    return Place(int(found[1]), found[2])


def _refuse_cursor() -> NoReturn:
    raise BadInput("that is not a cursor of this service") from None
