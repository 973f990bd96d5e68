"""What a job does, in a process of its own: ``python -m graphrisk.worker.tasks JOB``.

A detection holds the interpreter for long and needs much memory; beside it the worker goes on
renewing its lease, and whatever happens to the process is a failed job, not a dead worker.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final

from graphrisk.core.clock import Clock, SystemClock
from graphrisk.core.errors import GraphRiskError, system_faults
from graphrisk.settings import Settings

_DAY_MS: Final = 86_400_000


def detect_changes(settings: Settings, clock: Clock) -> str:
    """See who is who and look for rings, unless the latest detection saw the graph as it is."""
    from graphrisk.access.model import EVERYTHING
    from graphrisk.analysis.records import Records
    from graphrisk.analysis.run import PURPOSE, detect, digest_of
    from graphrisk.analysis.scoring import shipped_scale
    from graphrisk.centre.verdicts.lessons import lessons_of
    from graphrisk.ingest.report import quiet
    from graphrisk.ingest.resolve.service import project, resolve
    from graphrisk.store.open import open_store
    from graphrisk.store.operations.database import Database
    from graphrisk_algorithms.parameters import shipped_parameters

    store, database = open_store(settings), Database(settings.operations_url)
    try:
        project(store, database, clock)
        version = store.reader(EVERYTHING, PURPOSE).version()
        digest = digest_of(shipped_parameters(), shipped_scale())
        if Records(database).is_current(store, version, digest):
            return f"nothing changed since version {version}"
        resolve(store, database, settings.snapshot_folder, clock)
        lessons = lessons_of(settings, database)
        report = detect(
            store, settings.snapshot_folder, database, clock, progress=quiet, lessons=lessons
        )
        return f"run {report.run.run_id}: {sum(report.findings.values())} findings"
    finally:
        database.dispose()
        store.close()


def forget_old(settings: Settings, clock: Clock) -> str:
    """Forget events and notices of before ``keep_events_days``, processes silent for a day.

    What cases, tasks, hits and watch lists tell goes when it has run out. Of records of the audit
    older than ``keep_audit_days`` the names are erased.
    """
    from graphrisk.centre.notices import records as notices
    from graphrisk.centre.retention.rules import read_keeping
    from graphrisk.centre.retention.service import Retention
    from graphrisk.centre.webhooks import records as webhooks
    from graphrisk.store.audit.erase import erase_old
    from graphrisk.store.audit.place import place_of
    from graphrisk.store.audit.spool import AuditSpool
    from graphrisk.store.operations.database import Database
    from graphrisk.store.operations.heartbeats import forget_silent
    from graphrisk.store.operations.outbox import forget_before

    database, now = Database(settings.operations_url), clock.now_ms()
    try:
        with database.session() as session:
            before = now - settings.keep_events_days * _DAY_MS
            events = forget_before(session, before)
            sent = notices.forget_before(session, before)
            webhooks.forget_before(session, before)
            processes = forget_silent(session, now - _DAY_MS)
        spool = AuditSpool(settings.audit_folder, clock)
        keeping = read_keeping(settings.retention)
        gone = Retention(database, settings.files_folder, keeping, clock, spool).turn()
        erased = erase_old(place_of(settings), database, clock, settings.keep_audit_days)
        return (
            f"{events} events, {sent} notices and {processes} processes forgotten, "
            f"{erased} records of the audit erased, run out: "
            + ", ".join(f"{count} {name}" for name, count in gone.items())
        )
    finally:
        database.dispose()


def collect_audit(settings: Settings, clock: Clock) -> str:
    """Bring what was recorded of reads and decisions into the log of the audit."""
    from graphrisk.core.errors import StoreError
    from graphrisk.store.audit.collector import collect
    from graphrisk.store.audit.place import place_of
    from graphrisk.store.operations.database import Database

    place = place_of(settings)
    if place.is_collected:
        return "nothing was recorded since"
    database = Database(settings.operations_url)
    try:
        done = collect(place, database, clock)
    finally:
        database.dispose()
    if done.refused:
        raise StoreError(f"the audit's spool holds what are no records: {', '.join(done.refused)}")
    return f"{done.records} records brought into the log, which has {done.size}"


def ask_witnesses(settings: Settings, clock: Clock) -> str:
    """Have the audit's witnesses sign its latest checkpoint; a failed job when one does not."""
    from graphrisk.core.errors import StoreError
    from graphrisk.store.audit.place import place_of
    from graphrisk.store.audit.witness import ask_all, read_witnesses
    from graphrisk.store.operations.database import Database

    witnesses = read_witnesses(settings.audit_witnesses or "")
    database = Database(settings.operations_url)
    try:
        failed = ask_all(place_of(settings), database, clock, witnesses)
    finally:
        database.dispose()
    if failed:
        raise StoreError("; ".join(f"{name}: {reason}" for name, reason in failed.items()))
    return f"{len(witnesses)} witnesses have signed"


def tell_lateness(settings: Settings, clock: Clock) -> str:
    """Tell which sources have become late, which are no longer, and whether the audit is."""
    from graphrisk.ingest.service import Sources
    from graphrisk.store.audit.lag import note_lag
    from graphrisk.store.audit.place import place_of
    from graphrisk.store.operations.database import Database

    database = Database(settings.operations_url)
    try:
        told = Sources(database, clock).note_lateness()
        told += ["the audit"] if note_lag(place_of(settings), database, clock) else []
        return ", ".join(told) or "nothing new"
    finally:
        database.dispose()


def bring_judgements(settings: Settings, clock: Clock) -> str:
    """Bring what persons judged of two records into the graph, where it is not there yet."""
    from graphrisk.ingest.resolve.service import project
    from graphrisk.store.open import open_store
    from graphrisk.store.operations.database import Database

    store, database = open_store(settings), Database(settings.operations_url)
    try:
        return f"{project(store, database, clock)} judgements brought into the graph"
    finally:
        database.dispose()
        store.close()


def pull_feed(settings: Settings, clock: Clock, name: str) -> str:
    """Bring in what a feed has now; entries that were refused make a failed job, once."""
    from graphrisk.ingest.feeds.config import find_feed
    from graphrisk.ingest.feeds.run import Place, take_turn
    from graphrisk.store.open import open_store
    from graphrisk.store.operations.database import Database

    feed = find_feed(settings.feed_files, name)
    store, database = open_store(settings), Database(settings.operations_url)
    try:
        place = Place(store, database, settings.folder, settings.key_ring_file, clock)
        turn = take_turn(feed, place)
        turn.check()
        rows = sum(file.rows for file in turn.files)
        rejected = sum(file.rejected for file in turn.files)
        return f"{len(turn.files)} files, {rows} rows, {rejected} of them rejected"
    finally:
        database.dispose()
        store.close()


def watch_deadlines(settings: Settings, clock: Clock) -> str:
    """Tell the levels that have to know of missed deadlines; let offers lapse."""
    from graphrisk.centre.deadlines.service import DeadlineClock, Deadlines
    from graphrisk.centre.tasks.service import Tasks
    from graphrisk.centre.units import read_units
    from graphrisk.core.calendar_file import read_calendar
    from graphrisk.store.audit.spool import AuditSpool
    from graphrisk.store.operations.database import Database

    database, calendar = Database(settings.operations_url), read_calendar(settings.calendar)
    try:
        deadlines = Deadlines(calendar, read_units(settings.units))
        audit = AuditSpool(settings.audit_folder, clock)
        lapsed = Tasks(database, clock, calendar, audit, deadlines).expire()
        told = DeadlineClock(database, deadlines, clock).tick()
        return f"{told} levels told, {lapsed} offers lapsed"
    finally:
        database.dispose()


def send_notices(settings: Settings, clock: Clock) -> str:
    """Write the notices of what happened, and hand over those that are due."""
    from graphrisk.centre.deadlines.service import Deadlines
    from graphrisk.centre.notices.announce import announce
    from graphrisk.centre.notices.delivery import open_delivery
    from graphrisk.centre.notices.service import Courier
    from graphrisk.centre.units import read_units
    from graphrisk.core.calendar_file import read_calendar
    from graphrisk.store.operations.database import Database

    database = Database(settings.operations_url)
    key = None if settings.notices_key is None else settings.notices_key.get_secret_value()
    try:
        deadlines = Deadlines(read_calendar(settings.calendar), read_units(settings.units))
        written = announce(database, deadlines, clock)
        way = open_delivery(settings.notices_target, key)
        done = Courier(database, way, clock).round()
        return (
            f"{written} notices written, {done.sent} sent, {done.refused} refused, "
            f"{done.failed} to be tried again, {done.dead} given up"
        )
    finally:
        database.dispose()


def post_webhooks(settings: Settings, clock: Clock) -> str:
    """Tell webhooks what happened, signed, and try again what was not taken."""
    from graphrisk.centre.webhooks.owners import owners_now
    from graphrisk.centre.webhooks.posting import HttpPost
    from graphrisk.centre.webhooks.service import Poster
    from graphrisk.core.keys import KeyRing
    from graphrisk.core.networks import read_networks
    from graphrisk.store.operations.database import Database

    database = Database(settings.operations_url)
    way = HttpPost(read_networks(settings.webhook_networks, "GRAPHRISK_WEBHOOK_NETWORKS"))
    try:
        poster = Poster(
            database,
            lambda: KeyRing.open(settings.key_ring_file),
            clock,
            way,
            f"graphrisk:{settings.audience}",
            owners_now(database, clock, by_rows=settings.rights == "rows"),
        )
        done = poster.round()
        return (
            f"{done.written} messages written, {done.sent} sent, {done.failed} to be tried again, "
            f"{done.dead} given up, {done.stopped} webhooks gone"
        )
    finally:
        database.dispose()


def look_for_watched(settings: Settings, clock: Clock) -> str:
    """Tell what appeared or changed on watch lists, and what saved queries answer that is new."""
    from graphrisk.analysis.watch.service import look
    from graphrisk.centre.askers import ask_saved
    from graphrisk.store.open import open_store
    from graphrisk.store.operations.database import Database

    store, database = open_store(settings), Database(settings.operations_url)
    try:
        seen = look(store, database, clock)
        asked = ask_saved(settings, store, database, clock)
        return (
            f"{seen.hits} told up to version {seen.upto}, {seen.withheld} withheld; "
            f"{asked.queries} queries asked, {asked.news} news, {len(asked.refused)} refused"
        )
    finally:
        database.dispose()
        store.close()


def rehearse_rule(settings: Settings, clock: Clock, rehearsal_id: str) -> str:
    """Do a rehearsal of a rule that somebody asked for."""
    from graphrisk.analysis.rules.rehearsals import do_rehearsal
    from graphrisk.store.open import open_store
    from graphrisk.store.operations.database import Database

    store, database = open_store(settings), Database(settings.operations_url)
    try:
        return do_rehearsal(store, database, settings.folder, clock, rehearsal_id)
    finally:
        database.dispose()
        store.close()


def judge_events(settings: Settings, clock: Clock) -> str:
    """Judge what has come since the last look by the rules that are live."""
    from graphrisk.analysis.rules.ladder import read_ladder
    from graphrisk.analysis.rules.live import Look
    from graphrisk.store.open import open_store
    from graphrisk.store.operations.database import Database

    store, database = open_store(settings), Database(settings.operations_url)
    try:
        ladder = read_ladder(settings.ladder_file)
        done = Look(store, database, settings.folder, ladder, clock).judge()
        return f"{done.events} events judged by {done.rules} versions, {done.hits} hits"
    finally:
        database.dispose()
        store.close()


def follow_cases(settings: Settings, clock: Clock) -> str:
    """Tell cases what became of their rings, and the graph what verdicts stand."""
    from graphrisk.analysis.service import Findings
    from graphrisk.centre.cases.service import Cases
    from graphrisk.centre.rings.service import Rings
    from graphrisk.centre.units import read_units
    from graphrisk.centre.verdicts.service import Verdicts
    from graphrisk.core.calendar_file import read_calendar
    from graphrisk.store.open import open_store
    from graphrisk.store.operations.database import Database

    store, database = open_store(settings), Database(settings.operations_url)
    try:
        calendar, units = read_calendar(settings.calendar), read_units(settings.units)
        cases = Cases(database, clock, calendar, units)
        heard = Rings(store, database, Findings(database, store), cases).hear()
        known = Verdicts(store, database, cases, clock).project()
        return f"{heard} changes of rings told, {known} verdicts brought into the graph"
    finally:
        database.dispose()
        store.close()


TASKS: Final[dict[str, Callable[[Settings, Clock], str]]] = {
    "audit": collect_audit,
    "cases": follow_cases,
    "deadlines": watch_deadlines,
    "detect": detect_changes,
    "judgements": bring_judgements,
    "lateness": tell_lateness,
    "notices": send_notices,
    "retention": forget_old,
    "rules": judge_events,
    "watch": look_for_watched,
    "webhooks": post_webhooks,
    "witness": ask_witnesses,
}


def _done(settings: Settings, clock: Clock, job: str) -> str:
    kind, _, what = job.partition(":")
    if kind == "rehearse":
        return rehearse_rule(settings, clock, what)
    return pull_feed(settings, clock, what) if kind == "pull" else TASKS[kind](settings, clock)


def main(job: str) -> int:
    """Do a job by name; the last line on stderr says how it went."""
    try:
        with system_faults():
            told = _done(Settings(), SystemClock(), job)
    except GraphRiskError as error:
        sys.stderr.write(f"{error.code}: {error}\n")
        return 1
    sys.stderr.write(f"{told}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
