"""The audit of graphql-http, the reference of GraphQL over HTTP, finds nothing to say.

Node and npm are needed; ``npm ci`` brings what the lock file beside the script names into
``.cache``, once, and nothing of it runs at installation.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from scripts.generate import ROOT
from tests.api.serving import Door

FOLDER = Path(__file__).parent / "audit_http"
CACHE = ROOT / ".cache" / "audit_http"
AUDITS = 61


@pytest.fixture(scope="module")
def script() -> Path:
    """A copy of the script, with the packages of its lock file beside it."""
    assert shutil.which("npm"), "install Node 20 or newer with npm: the audit is written for it"
    lock, kept = FOLDER / "package-lock.json", CACHE / "package-lock.json"
    is_there = (CACHE / "node_modules" / ".package-lock.json").exists()
    is_current = is_there and kept.read_bytes() == lock.read_bytes()
    shutil.copytree(FOLDER, CACHE, dirs_exist_ok=True)
    if not is_current:
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=CACHE, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
    return CACHE / "audit.mjs"


def test_all_audits_of_graphql_over_http_pass(door: Door, script: Path) -> None:
    environment = {name: text for name, text in os.environ.items() if "proxy" not in name.lower()}
    done = subprocess.run(
        ["node", str(script), f"{door.http.base_url}/graphql"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    audits = json.loads(done.stdout)
    wrong = [one for one in audits if one["status"] != "ok"]
    assert wrong == []
    assert Counter(one["status"] for one in audits) == {"ok": AUDITS}
