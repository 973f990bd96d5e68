"""Versions that judge now, and what becomes of their hits: warned, proposed, taken or capped."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from itertools import groupby
from zipfile import BadZipFile

import numpy as np

from graphrisk.analysis.rules import records
from graphrisk.analysis.rules.batch import EventBatch
from graphrisk.analysis.rules.calendar import LocalDays
from graphrisk.analysis.rules.engine import Engine
from graphrisk.analysis.rules.facts import GraphFacts
from graphrisk.analysis.rules.ladder import Ladder
from graphrisk.analysis.rules.model import Rule
from graphrisk.analysis.rules.records import Version
from graphrisk.core.clock import Clock
from graphrisk.store.operations.database import Database


class Bench:
    """Versions that judge events together, and keep what they say: each event once a version."""

    def __init__(
        self,
        database: Database,
        ladder: Ladder,
        clock: Clock,
        judging: Sequence[Version],
        facts: GraphFacts,
    ) -> None:
        self._database, self._ladder, self._clock = database, ladder, clock
        self._live = {one.rule: one.number for one in judging if one.state == "live"}
        self._shadow = {one.rule: one.number for one in judging if one.state != "live"}
        # Apart: a shadow takes nothing of what the live rules may keep of a key.
        self._engines = [
            Engine([*of], facts, LocalDays()) for of in (self._live, self._shadow) if of
        ]

    def state(self) -> bytes:
        """What has been counted so far, for ``restore`` of a bench of the same versions."""
        named = {
            f"{engine}.{place:04}": part
            for engine, one in enumerate(self._engines)
            for place, part in enumerate(one.state())
        }
        file = BytesIO()
        np.savez(file, **named)  # type: ignore[arg-type]  # its stub takes no names from us
        return file.getvalue()

    def restore(self, state: bytes) -> None:
        """Go on from a state; ``ValueError`` when it is not one, or one of other versions.

        Then the bench is of no use any more: open another one.
        """
        try:
            with np.load(BytesIO(state), allow_pickle=False) as named:
                for engine, one in enumerate(self._engines):
                    names = sorted(name for name in named.files if name.startswith(f"{engine}."))
                    one.restore([named[name] for name in names])
        except (OSError, EOFError, KeyError, IndexError, BadZipFile) as error:
            raise ValueError("no state of counters") from error

    def count(self, batch: EventBatch) -> None:
        """Let the counters see events of the past, which are not judged."""
        for one in self._engines:
            one.count(batch)

    def judge(self, batch: EventBatch, *, history: bool = False) -> int:
        """Judge events in the order of arrival and keep the hits; how many were new.

        The hits, the actions they take of their caps and the events that tell of them commit
        together. ``history``: events of long ago are no clock gone wrong, and no window's present.
        """
        now = self._clock.now_ms()
        hits = [hit for one in self._engines for hit in one.judge(batch, None if history else now)]
        with self._database.session() as session:
            return sum(
                records.keep_hits(
                    session, self._place(rule), rule, list(of_rule), batch, self._ladder, now
                )
                for rule, of_rule in groupby(
                    sorted(hits, key=lambda hit: (hit.rule.rule_id, hit.rule.version)),
                    key=lambda hit: hit.rule,
                )
            )

    def _place(self, rule: Rule) -> records.Place:
        if rule in self._shadow:
            return records.Place(self._shadow[rule], is_shadow=True)
        return records.Place(self._live[rule], is_shadow=False)
