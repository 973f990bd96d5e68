"""The driver, with its faults told in the service's own words."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

import neo4j
from neo4j import exceptions as driver_errors

from graphrisk.core.errors import (
    ConfigError,
    Conflict,
    GraphRiskError,
    LimitExceeded,
    StoreError,
    StoreUnavailable,
)

#: Rows a statement carries or returns in one list: large enough to amortise the round trip, small
#: enough that the server holds few of them at a time.
CHUNK = 20_000
#: What the server says to a transaction that an operator or a later writer ended.
_ENDED = ("Transaction.Terminated", "Transaction.LockClientStopped")
_SCHEMES = ("bolt://", "bolt+", "neo4j://", "neo4j+")
#: Faults are raised in our own words: without a handler the driver's would go to stderr as well.
logging.getLogger("neo4j").addHandler(logging.NullHandler())
_CONNECT_SECONDS = 10.0
_RETRY_SECONDS = 2.0


class Read(Protocol):
    """A way to read: in a transaction of its own or within an open one."""

    def __call__(self, cypher: str, **parameters: object) -> list[neo4j.Record]:
        """All records of one statement."""
        ...


class Connection:
    """A pool of Bolt connections to one database, and statements in a transaction of their own."""

    def __init__(self, uri: str, user: str, password: str) -> None:
        self._uri = uri
        if not uri.startswith(_SCHEMES):
            raise ConfigError(f"not the address of a Neo4j server: {uri}")
        try:
            self._driver = neo4j.GraphDatabase.driver(
                uri,
                auth=(user, password),
                connection_timeout=_CONNECT_SECONDS,
                connection_acquisition_timeout=_CONNECT_SECONDS,
                max_transaction_retry_time=_RETRY_SECONDS,
                # id() is deprecated for users of a graph, and the cheapest handle there is.
                notifications_min_severity="OFF",
                user_agent="graphrisk",
            )
        except (ValueError, driver_errors.ConfigurationError) as error:
            raise ConfigError(f"not the address of a Neo4j server: {uri}") from error

    def read(self, cypher: str, **parameters: object) -> list[neo4j.Record]:
        """All records of one read statement."""
        with self.faults(), self._driver.session(default_access_mode="READ") as session:
            return session.execute_read(lambda tx: list(tx.run(cypher, parameters)))

    def stream(self, cypher: str, **parameters: object) -> Iterator[neo4j.Record]:
        """The records of one read statement as they come; holds a few of them at a time."""
        with (
            self.faults(),
            self._driver.session(default_access_mode="READ", fetch_size=4) as session,
        ):
            yield from session.run(cypher, parameters)

    def stream_in_turns(
        self, cypher: str, turns: Sequence[Mapping[str, object]]
    ) -> Iterator[neo4j.Record]:
        """Records of one read statement run once for each of ``turns``, first of each, then second.

        Each run has a session and a thread of its own, so that the server works on all at once.
        Ends with the first turn that has no more.
        """
        streams = [self.stream(cypher, **parameters) for parameters in turns]
        with ThreadPoolExecutor(len(streams)) as pool:
            ahead = deque((pool.submit(next, stream, None), stream) for stream in streams)
            while (record := ahead[0][0].result()) is not None:
                _, stream = ahead.popleft()
                ahead.append((pool.submit(next, stream, None), stream))
                yield record

    def write(self, cypher: str, **parameters: object) -> list[neo4j.Record]:
        """All records of one writing statement, committed."""
        with self.faults(), self._driver.session() as session:
            return session.execute_write(lambda tx: list(tx.run(cypher, parameters)))

    def command(self, statement: str) -> list[neo4j.Record]:
        """Run a statement that may not share a transaction: schema and administration."""
        with self.faults(), self._driver.session() as session:
            return list(session.run(statement))

    def commands(self, statements: Sequence[str]) -> None:
        """Run statements of schema in one transaction: a commit each takes three times as long."""
        with self.faults(), self._driver.session() as session, session.begin_transaction() as tx:
            for statement in statements:
                tx.run(statement).consume()
            tx.commit()

    def session(self) -> neo4j.Session:
        """A session for explicit transactions, to be used within ``faults()``."""
        return self._driver.session()

    def faults(self) -> AbstractContextManager[None]:
        """Translate the driver's exceptions raised within."""
        return _translated(self._uri)

    def close(self) -> None:
        """Close all connections."""
        self._driver.close()


@contextmanager
def _translated(uri: str) -> Iterator[None]:
    try:
        yield
    except (driver_errors.Neo4jError, driver_errors.DriverError, OSError) as error:
        raise _translation(error, uri) from error


def _translation(error: Exception, uri: str) -> GraphRiskError:
    if isinstance(error, driver_errors.AuthError):
        return ConfigError(f"{uri} refused the user or password of the graph store")
    if isinstance(error, driver_errors.ConstraintError):
        return Conflict(f"another writer changed the graph: {error.message}")
    if isinstance(error, driver_errors.Neo4jError):
        if (error.code or "").endswith(_ENDED):
            return Conflict("the server ended the transaction; nothing was written")
        if "OutOfMemory" in (error.code or ""):
            return LimitExceeded(
                "the transaction outgrew the memory Neo4j gives to one: commit in smaller batches "
                "or raise server.memory.heap.max_size"
            )
        if isinstance(error, driver_errors.TransientError):
            return StoreUnavailable(f"{uri} asks to try again: {error.message}")
        return StoreError(f"Neo4j: {error.message}")
    if isinstance(error, driver_errors.ConnectionAcquisitionTimeoutError):
        return StoreUnavailable(f"{uri} is too busy: no connection came free")
    if isinstance(error, driver_errors.DriverError) and not error.is_retryable():
        return StoreError(f"Neo4j driver: {error}")
    return StoreUnavailable(f"no answer from the Neo4j server at {uri}")
