"""A service of third-party tags, over real HTTP: changes in order, page by page."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeAlias
from urllib.parse import parse_qs, urlsplit

from tests.ingest.factory import START, Document

#: A tag holds from a moment on; once revoked it has ended, and with it what it says of the number.
MAPPING = """
name: tags
owner: {zh: 第三方标签服务商, en: Tag provider}
every: 1 hour
reliability: C
files: ["tags-*.jsonl"]
format: jsonl
mode: delta
id: tag
nodes:
  - kind: Phone
    key: number
    properties: {scam_category: label}
    valid_from: {column: from, as: epoch_ms}
    valid_to: {column: revoked, as: epoch_ms}
"""
KEY = "TAGS_TEST_KEY"


def tag(number: int, label: str = "推销", revoked: int | None = None) -> Document:
    """A change: tag ``number`` as it stands now."""
    return {
        "tag": f"T{number}",
        "number": f"{13_900_000_000 + number}",
        "label": label,
        "from": START,
        "revoked": revoked,
    }


#: Status, headers and body.
Answer: TypeAlias = tuple[int, dict[str, str], bytes]


@dataclass
class Tags:
    """What the service knows, what it was asked, and how it misbehaves next."""

    changes: list[Document] = field(default_factory=list)
    page: int = 100
    asked: list[str | None] = field(default_factory=list)  # tokens
    keys: list[str | None] = field(default_factory=list)
    faults: list[Answer] = field(default_factory=list)  # the next, before it goes back to normal
    url: str = ""

    def answer(self, token: str | None) -> Document:
        """The page behind a token."""
        begin = int(token or 0)
        rows = self.changes[begin : begin + self.page]
        return {"rows": rows, "next": str(begin + len(rows))}


@contextmanager
def serving(tags: Tags) -> Iterator[Tags]:
    """Serve on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            token = parse_qs(urlsplit(self.path).query).get("since", [None])[0]
            tags.asked.append(token)
            tags.keys.append(self.headers.get("authorization"))
            usual: Answer = (200, {}, json.dumps(tags.answer(token)).encode())
            status, headers, body = tags.faults.pop(0) if tags.faults else usual
            self.send_response(status)
            for name, value in ({"content-length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    tags.url = f"http://127.0.0.1:{server.server_address[1]}/changes"
    try:
        yield tags
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def describe(folder: Path, tags: Tags, extra: str = "") -> None:
    """Write the feed and its mapping into a folder of feeds."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mapping").mkdir(exist_ok=True)
    (folder / "mapping" / "tags.yaml").write_text(MAPPING, encoding="utf-8")
    (folder / "tags.yaml").write_text(
        f"name: tags\nkind: http\nevery: 15 minutes\nmapping: mapping/tags.yaml\n"
        f"url: {tags.url}\n{extra}",
        encoding="utf-8",
    )
