"""A look: what a query answers now, and what of it is new."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Final

from graphrisk.access.model import EVERYTHING, AuditPort, Principal, Purpose
from graphrisk.access.rights import require
from graphrisk.analysis.entities import Looks, Viewer
from graphrisk.analysis.events import follows
from graphrisk.analysis.inquiry import Inquiry
from graphrisk.analysis.saved import records
from graphrisk.analysis.saved.model import (
    NEWS,
    Answers,
    Asked,
    Change,
    Known,
    SavedQuery,
    Seen,
    Subject,
)
from graphrisk.analysis.saved.rules import (
    concerns,
    digest_of_entity,
    digest_of_finding,
    rights_digest,
)
from graphrisk.analysis.service import Findings
from graphrisk.core.clock import Clock
from graphrisk.core.errors import Forbidden, Unauthenticated
from graphrisk.store.contract import Store
from graphrisk.store.operations import outbox
from graphrisk.store.operations.database import Database
from graphrisk_schema.reader import load_schema

PURPOSE: Final = Purpose("operation")
#: Answers that are compared, the strongest or best: a query that has more is too wide.
MOST_ANSWERS: Final = 500
#: The action of a look in the audit, with the query's id.
LOOK: Final = "query.look"


class Asker:
    """Asks queries as their owners.

    Args:
        store: The graph.
        database: Of operations.
        clock: Tells when.
        audit: Where each look is recorded, as the owner's read.
        looks: Makes a viewer of a principal and a purpose; it may refuse.
        id_of: The opaque id of a kind's node, as the audit names it.
    """

    def __init__(
        self,
        store: Store,
        database: Database,
        clock: Clock,
        audit: AuditPort,
        looks: Looks,
        id_of: Callable[[str, int], str],
    ) -> None:
        self._store = store
        self._database = database
        self._clock = clock
        self._audit = audit
        self._looks = looks
        self._id_of = id_of
        self._findings = Findings(database, store)

    def world(self) -> Seen:
        """What there is to be seen now, whoever looks."""
        reader, run = self._store.reader(EVERYTHING, PURPOSE), self._findings.latest_run()
        version = reader.version()
        with self._database.reading() as session:
            place = outbox.kept(session)[1]
        return Seen(version, reader.stamp(version), "" if run is None else run.run_id, "", place)

    def ask(
        self, query: SavedQuery, salt: bytes, viewer: Viewer, since: int, place: int
    ) -> Answers:
        """What a viewer is answered now; of events those behind ``since``, up to ``place``.

        Recorded before it is given.
        """
        if query.question.subject is Subject.EVENTS:
            answers = self._events(query, viewer.principal, since, place)
        else:
            inquiry = Inquiry(self._store, self._findings, viewer, self._audit, self._id_of)
            answers = self._graph(query, salt, inquiry)
        purpose = viewer.purpose
        self._audit.record(viewer.principal, LOOK, purpose, len(answers.digests), query.query_id)
        return answers

    def round(self, owner_of: Callable[[SavedQuery], Principal]) -> Asked:
        """Ask all queries whose answers may be others than at the last look.

        ``owner_of`` tells who an owner is now. News, their event and the new state of a query
        commit together. Cost: two reads a query, and what those that changed cost.
        """
        with self._database.reading() as session:
            queries = records.running(session)
        if not queries:
            return Asked(0, 0)
        world, asked, told, refused = self.world(), 0, 0, list[str]()
        for known in queries:
            try:
                viewer = self._viewer(known.query, owner_of)
                seen = replace(world, rights=rights_digest(viewer))
                question = known.query.question
                is_same = concerns(question, seen) == concerns(question, known.seen)
                if is_same and known.query.refused is None:
                    continue
                salt, since = known.salt, known.seen.place
                answers = self.ask(known.query, salt, viewer, since, world.place)
            except (Forbidden, Unauthenticated) as error:  # he may not ask now; perhaps later
                self._refuse(known, error.code)
                refused.append(known.query.query_id)
                continue
            asked += 1
            told += self._settle(known, seen, answers)
        return Asked(asked, told, refused)

    def _viewer(self, query: SavedQuery, owner_of: Callable[[SavedQuery], Principal]) -> Viewer:
        owner = owner_of(query)
        require(owner, "watch.keep")
        return self._looks(owner, Purpose(query.purpose, query.case))

    def _graph(self, query: SavedQuery, salt: bytes, inquiry: Inquiry) -> Answers:
        asked = query.question
        if asked.subject is Subject.FINDINGS:
            page = inquiry.findings(None, MOST_ANSWERS, asked.kind)
            rings = {one.finding_id: digest_of_finding(salt, one) for one in page.items}
            return Answers(rings, not page.has_next)
        kinds = asked.kinds or tuple(load_schema().nodes)
        found = inquiry.search(asked.text or "", kinds, MOST_ANSWERS)
        nodes = {str(one.nid): digest_of_entity(salt, one) for one in found.entities}
        return Answers(nodes, not found.truncated)

    def _events(self, query: SavedQuery, owner: Principal, since: int, place: int) -> Answers:
        found = dict[str, str]()
        while len(found) < MOST_ANSWERS:
            with self._database.reading() as session:
                page = outbox.read_after(session, since, MOST_ANSWERS, query.question.kind)
            behind = [one for one in page if one.position <= place]
            found |= {str(one.position): "" for one in behind if follows(owner, one)}
            if len(behind) < MOST_ANSWERS:
                break
            since = behind[-1].position
        return Answers(found)

    def _settle(self, known: Known, seen: Seen, answers: Answers) -> int:
        """Keep what was answered and tell what is new; 0 when it was told by another look."""
        query_id, now = known.query.query_id, self._clock.now_ms()
        values = {
            "seen": asdict(seen),
            "looked_at": now,
            "refused": None,
            "answers": len(answers.digests),
        }
        with self._database.session() as session:
            if not records.take(session, known, values):
                return 0
            news: Sequence[tuple[str, Change]]
            if known.query.question.subject is Subject.EVENTS:
                news = [(thing, Change.APPEARED) for thing in answers.digests]
            else:
                news = records.compare(session, query_id, answers)
            if news:
                records.tell(session, query_id, news, now)
                changed = sum(change is Change.CHANGED for _, change in news)
                payload = {"appeared": len(news) - changed, "changed": changed}
                outbox.emit(session, NEWS, query_id, payload, now, whom=known.query.owner)
        return len(news)

    def _refuse(self, known: Known, code: str) -> None:
        if known.query.refused != code:
            with self._database.session() as session:
                records.take(session, known, {"refused": code})
