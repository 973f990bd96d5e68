"""Runs the command line as a user would: a process of its own, JSON on stdout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

Document = dict[str, Any]


@dataclass(frozen=True)
class Deployment:
    """A store and the folder beside it."""

    store: str
    data_dir: Path
    password: str | None = None
    seconds: int = field(default=600)

    def environment(self) -> dict[str, str]:
        """Settings as the service reads them."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("GRAPHRISK_")}
        settings = {"GRAPHRISK_STORE": self.store, "GRAPHRISK_DATA_DIR": str(self.data_dir)}
        if self.password is not None:
            settings["GRAPHRISK_STORE_PASSWORD"] = self.password
        return inherited | settings

    def run(
        self, *words: str | Path, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """``graphrisk WORDS``; the caller looks at the exit code."""
        return subprocess.run(
            [sys.executable, "-m", "graphrisk.cli", *map(str, words)],
            env=env or self.environment(),
            capture_output=True,
            text=True,
            timeout=self.seconds,
            check=False,
        )

    def json(self, *words: str | Path) -> Document:
        """The object a command prints with ``--json``; it must succeed."""
        done = self.run(*words, "--json")
        assert done.returncode == 0, done.stderr[-2000:]
        return cast("Document", json.loads(done.stdout))


def sqlite_deployment(folder: Path) -> Deployment:
    """A deployment on an SQLite file in ``folder``."""
    return Deployment(f"sqlite:///{folder / 'graph.db'}", folder / "files")


def findings_of(deployment: Deployment) -> str:
    """Everything ``findings --json`` says but the run, as one text to compare."""
    document = deployment.json("findings")
    del document["run"]
    return json.dumps(document, ensure_ascii=False)
