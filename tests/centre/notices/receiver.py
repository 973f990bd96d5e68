"""A receiver of notices over real HTTP that can fail in every way that receivers do."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

_HANG_SECONDS: Final = 20


@dataclass
class Receiver:
    """What it got, and what it is to do next: one word a request, then always ``ok``."""

    url: str = ""
    plan: list[str] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def seen(self) -> set[str]:
        """Ids of notices, doubles dropped, as a receiver keeps them."""
        return {one["notice_id"] for one in self.requests}


@contextmanager
def receiver(*plan: str) -> Iterator[Receiver]:
    """A running receiver."""
    told = Receiver(plan=list(plan))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            told.requests.append(json.loads(body))
            told.keys.append(self.headers.get("authorization"))
            assert self.headers["idempotency-key"] == told.requests[-1]["notice_id"]
            _act(self, told.plan.pop(0) if told.plan else "ok", told)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    told.url = f"http://127.0.0.1:{server.server_port}/notices"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        told.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _act(handler: BaseHTTPRequestHandler, word: str, told: Receiver) -> None:
    match word:
        case "ok":
            _answer(handler, 200, b"")
        case "hang":
            told.released.wait(_HANG_SECONDS)
            handler.close_connection = True
        case "die":  # the answer breaks off in the middle
            handler.send_response(200)
            handler.send_header("content-length", "1000")
            handler.end_headers()
            handler.wfile.write(b'{"state": "read"')
            handler.wfile.flush()
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True
        case _ if word.isdigit():
            _answer(handler, int(word), b"")
        case _:
            _answer(handler, 200, json.dumps({"state": word, "reason": "no such number"}).encode())


def _answer(handler: BaseHTTPRequestHandler, status: int, body: bytes) -> None:
    handler.send_response(status)
    if status == 302:
        handler.send_header("location", "/elsewhere")
    handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
