"""Which questions may be kept, who an owner is now, and what an answer looks like to him."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

import orjson

from graphrisk.access.model import Principal, Scope
from graphrisk.access.principals.service import Standing
from graphrisk.access.rights import ROLES
from graphrisk.analysis.entities import Entity, Viewer
from graphrisk.analysis.events import check_kind
from graphrisk.analysis.explain import finding_kinds
from graphrisk.analysis.model import Finding
from graphrisk.analysis.saved.model import NEWS, Question, SavedQuery, Seen, Shown, Subject
from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, Forbidden, Unauthenticated
from graphrisk_schema.reader import load_schema

#: For how long it is believed what a token said, where rights are no rows.
SHOWN_FOR_MS: Final = 7 * 86_400_000
_LONGEST_NAME: Final = 200


def checked_name(name: str) -> str:
    """The name, trimmed; ``BadInput`` where there is none or too much of it."""
    said = name.strip()
    if not 0 < len(said) <= _LONGEST_NAME:
        raise BadInput(f"a query has a name of at most {_LONGEST_NAME} characters")
    return said


def checked_question(asked: Question) -> Question:
    """The question; ``BadInput`` says what it lacks or has too much of."""
    is_search = asked.subject is Subject.SEARCH
    if bool(asked.text and asked.text.strip()) != is_search or (asked.kinds and not is_search):
        raise BadInput("a search has a text and may have kinds, no other query has")
    if asked.kind is not None and is_search:
        raise BadInput("a search has kinds, not a kind")
    unknown = sorted(set(asked.kinds) - set(load_schema().nodes))
    if unknown:
        raise BadInput(f"{unknown[0][:40]!r} is no kind of node")
    if asked.subject is Subject.FINDINGS and asked.kind not in (None, *finding_kinds()):
        raise BadInput(f"kind is one of {', '.join(finding_kinds())}")
    if asked.subject is Subject.EVENTS:
        if asked.kind is None or asked.kind == NEWS:
            raise BadInput(f"name a kind of events, other than {NEWS}")
        check_kind(asked.kind)
    return asked


def shown_by(principal: Principal, now: int) -> Shown:
    """What somebody's token says of him; ``Forbidden`` for a key, which is nobody."""
    if principal.is_key:
        raise Forbidden("queries are kept by persons, not by keys")
    return Shown(tuple(sorted(principal.roles)), principal.scope.areas, now)


class Owners:
    """Who an owner is at this moment.

    Where rights are rows they are read now. Else nobody knows them but the issuer of tokens: what
    the owner's last one said counts for a week, then his queries wait until he shows another.
    """

    def __init__(self, standing: Standing | None, clock: Clock) -> None:
        self._standing = standing
        self._clock = clock

    def principal(self, query: SavedQuery) -> Principal:
        """The owner with his rights now; ``Unauthenticated`` when he has none to show."""
        if self._standing is not None:
            return self._standing.principal(query.owner)
        shown = query.shown
        if self._clock.now_ms() - shown.at > SHOWN_FOR_MS:
            raise Unauthenticated("its owner has not signed on for a week")
        return Principal(query.owner, frozenset(shown.roles) & frozenset(ROLES), Scope(shown.areas))


def rights_digest(viewer: Viewer) -> str:
    """Changes with whatever may change what a viewer sees."""
    posts = [(sorted(one.roles), sorted(one.scope.areas)) for one in viewer.principal.held]
    sight = (sorted(viewer.sight.areas), sorted(viewer.sight.nodes), viewer.lacks_case)
    return hashlib.sha256(orjson.dumps([posts, sight])).hexdigest()


def concerns(question: Question, seen: Seen) -> tuple[object, ...]:
    """The part of what was seen that the answers depend on."""
    if question.subject is Subject.EVENTS:
        return (seen.place,)
    graph = (seen.version, seen.stamp, seen.rights)
    return graph if question.subject is Subject.SEARCH else (*graph, seen.run)


def digest_of_entity(salt: bytes, entity: Entity) -> str:
    """Of a node as the owner sees it: what he does not see changes nothing."""
    values = [(one.property.name, one.value, one.masked) for one in entity.values]
    return _digest(salt, [entity.kind, entity.key, entity.caption, values])


def digest_of_finding(salt: bytes, finding: Finding) -> str:
    """Of a finding as the owner sees it: who is in it as what, and its score to two digits."""
    members = [(one.nid, one.role) for one in finding.members]
    return _digest(salt, [finding.kind, round(finding.score, 2), members])


def _digest(salt: bytes, told: object) -> str:
    return hmac.digest(salt, orjson.dumps(told), hashlib.sha256).hex()
