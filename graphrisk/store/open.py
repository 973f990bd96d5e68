"""Open the graph store that the settings name."""

from __future__ import annotations

from graphrisk.core.errors import ConfigError
from graphrisk.settings import Settings
from graphrisk.store.contract import Store


def open_store(settings: Settings) -> Store:
    """The store of ``settings.store``, migrated to the present schema."""
    file = settings.sqlite_file
    store: Store
    if file is not None:
        from graphrisk.store.sqlite.store import SqliteStore

        file.parent.mkdir(parents=True, exist_ok=True)
        store = SqliteStore(file)
    else:
        from graphrisk.store.neo4j.store import Neo4jStore

        if settings.store_password is None:
            raise ConfigError("set GRAPHRISK_STORE_PASSWORD for the Neo4j store")
        uri, user = settings.neo4j_target()
        store = Neo4jStore(uri, user, settings.store_password.get_secret_value())
    store.migrate()
    return store
