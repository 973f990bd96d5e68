"""How long the console's picture of a large scene takes, in a browser without a graphics card."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.performance.work import Work
from scripts.browser import opened_browser

ROOT = Path(__file__).parents[2]


def measure(work: Work) -> None:
    """Each round a fresh page: a scene drawn, then laid out by the worker."""
    nodes, edges = work.size("drawn nodes", 10_000), work.size("drawn edges", 20_000)
    built = work.folder / "bench"
    words = ["npx", "--no-install", "vite", "build", "graphrisk/console/bench"]
    subprocess.run(
        [*words, "--base", "./", "--outDir", built, "--emptyOutDir"], cwd=ROOT, check=True
    )
    with _served(built) as address, opened_browser() as browser:
        for _ in range(work.rounds):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(address)
            taken = page.evaluate(f"measure({nodes}, {edges})")
            page.close()
            assert taken["inked"] > 0.05, "a picture that is blank was not drawn"
            work.add("drawn", taken["drawn"] / 1_000)
            work.add("arranged", taken["arranged"] / 1_000)


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    handler = partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing: figures are what is printed."""
