"""Serves an application over real HTTP, and asks it."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn
from starlette.types import ASGIApp

from graphrisk.api.deployment import opened_api
from graphrisk.api.ids import PublicIds
from graphrisk.core.clock import ManualClock
from tests.api.town import SECOND, Town

RESPONSE = "application/graphql-response+json"
NOW = SECOND + 3_600_000
Document = dict[str, Any]


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Base URL of the application, on a free port."""
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, lifespan="off", ws="websockets-sansio")
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive()
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@dataclass(frozen=True)
class Door:
    """A served town."""

    town: Town
    http: httpx.Client
    ids: PublicIds

    def ask(
        self,
        query: str,
        variables: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Document:
        """The whole answer; it must not be a fault of the service."""
        answer = self.http.post(
            "/graphql",
            content=json.dumps({"query": query, "variables": variables}),
            headers={"content-type": "application/json", "accept": RESPONSE, **(headers or {})},
        )
        assert answer.status_code < 500, answer.text
        document: Document = answer.json()
        return document

    def data(
        self,
        query: str,
        variables: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Document:
        """What is asked for; there must be no errors."""
        answer = self.ask(query, variables, headers)
        assert "errors" not in answer, answer["errors"]
        data: Document = answer["data"]
        return data

    def codes(self, query: str, variables: Mapping[str, object] | None = None) -> list[str]:
        """Codes of the errors."""
        return [one["extensions"]["code"] for one in self.ask(query, variables).get("errors", [])]

    def id_of(self, kind: str, key: str) -> str:
        """Public id of a node of the town."""
        return self.ids.entity(kind, self.town.nids[key])


@contextmanager
def opened_door(town: Town) -> Iterator[Door]:
    """An api of the town's own, for as long as it is needed."""
    with (
        opened_api(town.settings, ManualClock(NOW)) as app,
        served(app) as url,
        httpx.Client(base_url=url, timeout=60) as http,
    ):
        yield Door(town, http, PublicIds(town.settings.id_secret_bytes))
