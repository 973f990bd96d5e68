"""The api application on an opened deployment, and how it is doing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from fastapi import FastAPI
from starlette.routing import Route, WebSocketRoute

from graphrisk.access.demands import read_demand
from graphrisk.access.keys.service import ApiKeys, KeySignOn
from graphrisk.access.principals.service import Principals, Standing
from graphrisk.access.rates import Rates
from graphrisk.access.sign_on import SignOn
from graphrisk.analysis.entities import Viewer
from graphrisk.analysis.events import Events
from graphrisk.analysis.publish import ScoreBoard
from graphrisk.analysis.rules.ladder import read_ladder
from graphrisk.analysis.rules.service import RuleBook
from graphrisk.analysis.saved.look import Asker
from graphrisk.analysis.saved.service import SavedQueries
from graphrisk.analysis.service import Findings
from graphrisk.analysis.watch.service import WatchLists
from graphrisk.api.app import scores_app
from graphrisk.api.background import deployment_gauges
from graphrisk.api.batching import Threads
from graphrisk.api.console import console_routes
from graphrisk.api.context import Context, Desk
from graphrisk.api.files import file_router
from graphrisk.api.following import Following
from graphrisk.api.health import Look, Readiness
from graphrisk.api.ids import PublicIds
from graphrisk.api.metrics import Meter
from graphrisk.api.over_http import GraphQLOverHttp
from graphrisk.api.profiles import OPEN, Profile, profile_of
from graphrisk.api.schema import build_schema
from graphrisk.api.streams import GraphQLOverWebSocket
from graphrisk.api.viewers import viewer_of
from graphrisk.centre.desk import centre_of
from graphrisk.centre.files.service import Files
from graphrisk.centre.openings.sight import Sights
from graphrisk.centre.units import read_units
from graphrisk.centre.webhooks.service import Webhooks
from graphrisk.centre.work import open_work
from graphrisk.core.calendar_file import read_calendar
from graphrisk.core.clock import Clock
from graphrisk.core.files import private_folder
from graphrisk.core.keys import KeyRing
from graphrisk.core.networks import read_networks
from graphrisk.ingest.resolve.service import Identities
from graphrisk.ingest.service import Sources
from graphrisk.settings import Settings
from graphrisk.store.audit.place import place_of
from graphrisk.store.audit.service import AuditTrail
from graphrisk.store.audit.spool import AuditSpool
from graphrisk.store.contract import Store
from graphrisk.store.open import open_store
from graphrisk.store.operations.api_keys import ApiKeyRows
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.principals import StoredPrincipals

#: Threads that read; each keeps a connection to an SQLite graph.
_READERS = 8


def api_app(
    desk: Desk, board: ScoreBoard, look: Look, profile: Profile = OPEN, meter: Meter | None = None
) -> FastAPI:
    """GraphQL, score look-up and health."""
    meter = meter or Meter()
    app = scores_app(
        board, desk.ids, desk.audit, look, desk.sign_on, desk.sights.viewer, desk.scores, meter
    )

    async def context_of(headers: Mapping[str, str]) -> Context:
        async def viewer() -> Viewer:
            return await viewer_of(desk.sign_on, headers, desk.sights.viewer)

        return Context(desk, await viewer(), viewer, headers.get("last-event-id"))

    schema = build_schema(profile, meter)
    graphql = GraphQLOverHttp(schema, context_of, profile)
    streams = GraphQLOverWebSocket(schema, context_of)
    app.include_router(file_router(context_of))
    app.router.routes.append(Route("/graphql", graphql.answer, methods=["GET", "POST"]))
    app.router.routes.append(WebSocketRoute("/graphql", streams))
    return app


@contextmanager
def opened_api(settings: Settings, clock: Clock) -> Iterator[FastAPI]:
    """The api application on an opened deployment; closed on leaving."""
    private_folder(settings.folder)
    store = open_store(settings)
    database = Database(settings.operations_url)
    executor = ThreadPoolExecutor(_READERS, thread_name_prefix="read")
    try:
        desk = desk_of(settings, store, database, clock, Threads(executor))
        board = ScoreBoard(settings.scores_folder)
        look = deployment_look(desk, database, clock)
        networks = read_networks(settings.metrics_networks, "GRAPHRISK_METRICS_NETWORKS")
        meter = Meter(deployment_gauges(desk, database, place_of(settings), clock), networks)
        app = api_app(desk, board, look, profile_of(settings), meter)
        app.router.routes += console_routes(settings, clock)
        yield app
        desk.following.close()
    finally:
        executor.shutdown()
        database.dispose()
        store.close()


def desk_of(
    settings: Settings, store: Store, database: Database, clock: Clock, threads: Threads
) -> Desk:
    """What all requests to a deployment share; ``ConfigError`` for files of it at fault."""
    calendar, units = read_calendar(settings.calendar), read_units(settings.units)
    audit, keys = AuditSpool(settings.audit_folder, clock), ApiKeyRows(database)
    principals = StoredPrincipals(database)
    events, ids = Events(database), PublicIds(settings.id_secret_bytes)
    sights = Sights(database, clock, read_demand(settings.case_demanded), store)
    centre = centre_of(store, database, clock, calendar, units)

    def ring() -> KeyRing:
        return KeyRing.open(settings.key_ring_file, store.health().key_marks)

    return Desk(
        store=store,
        findings=Findings(database, store),
        ids=ids,
        audit=audit,
        sources=Sources(database, clock),
        identities=Identities(store, database, clock),
        events=events,
        following=Following(events),
        threads=threads,
        sign_on=SignOn(settings, clock, KeySignOn(keys, clock), Standing(principals, clock)),
        rules=RuleBook(database, read_ladder(settings.ladder_file), clock, audit),
        watch=WatchLists(database, store, clock, audit),
        saved=SavedQueries(
            database, Asker(store, database, clock, audit, sights.viewer, ids.entity), clock, audit
        ),
        centre=centre,
        files=Files(
            database,
            centre.cases,
            settings.files_folder,
            ring,
            clock,
            settings.file_most_mib << 20,
        ),
        work=open_work(settings, database, clock, audit),
        lookups=Rates(clock, settings.lookups_per_minute, "lines of look-ups"),
        scores=Rates(clock, settings.scores_per_minute, "scores"),
        webhooks=Webhooks(database, ring, clock, audit),
        keys=ApiKeys(keys, clock, audit),
        principals=Principals(principals, clock, audit),
        sights=sights,
        trail=AuditTrail(place_of(settings), database, audit),
    )


def deployment_look(desk: Desk, database: Database, clock: Clock) -> Look:
    """Looks at both stores and at the last run."""

    def look() -> Readiness:
        graph, operations = desk.store.health(), database.health()
        complaints = [*graph.notes, *operations.notes]
        if not operations.is_current:
            complaints.append("the operations database is not migrated: graphrisk doctor")
            run = None
        else:
            run = desk.findings.latest_run()
            if desk.findings.is_of_another_graph():
                complaints.append("the last run saw another graph than this one: graphrisk detect")
        return Readiness(
            ready=not complaints,
            complaints=complaints,
            facts={
                "graph": f"{graph.engine} {graph.engine_version}",
                "graph_version": graph.version,
                "operations": f"{operations.engine} {operations.engine_version}",
                "last_run": None if run is None else run.run_id,
                "snapshot_version": None if run is None else run.snapshot_version,
                "snapshot_behind": None if run is None else graph.version - run.snapshot_version,
                "snapshot_age_ms": None if run is None else clock.now_ms() - run.started_at,
            },
        )

    return look
