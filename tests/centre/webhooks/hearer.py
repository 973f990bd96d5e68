"""An application that is posted to: real HTTP on this machine, answering as a test wants."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Hearer:
    """What was posted, and the status that is answered."""

    url: str = ""
    status: int = 200
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def documents(self) -> list[dict[str, Any]]:
        """The bodies."""
        return [json.loads(body) for _, body in self.heard]


@contextmanager
def hearing() -> Iterator[Hearer]:
    """One that listens on a free port."""
    hearer = Hearer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            hearer.heard.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(hearer.status)
            self.send_header("location", "http://127.0.0.1:1/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        hearer.url = f"http://127.0.0.1:{server.server_address[1]}/in?a=b"
        try:
            yield hearer
        finally:
            server.shutdown()
            thread.join()


def is_signed(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """As an application checks it, written from the specification and not from our code."""
    key = base64.b64decode(secret.split("_", 1)[1])
    told = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    own = base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
    return f"v1,{own}" in headers["webhook-signature"].split(" ")
