"""What is committed as built is what the sources give; needs Node ≥ 20.19 and `make node`."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DIST = ROOT / "graphrisk" / "console" / "dist"
MOST_SCRIPT_BYTES = 300_000  # compressed, all of it


def npx(*words: str | Path) -> str:
    if shutil.which("npx") is None or not (ROOT / "node_modules" / "vite").exists():
        pytest.fail("Please install Node 20.19 or newer and run `make node` first", pytrace=False)
    done = subprocess.run(
        ["npx", "--no-install", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-2000:]
    return done.stdout


def _files(folder: Path) -> dict[str, bytes]:
    found = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): file.read_bytes() for file in found}


def test_the_committed_console_is_a_fresh_build_of_its_sources(tmp_path: Path) -> None:
    npx("tsc", "--project", "graphrisk/console")
    npx("vite", "build", "graphrisk/console", "--outDir", tmp_path / "dist", "--emptyOutDir")
    fresh, committed = _files(tmp_path / "dist"), _files(DIST)
    assert sorted(fresh) == sorted(committed), "run: make console"
    assert [name for name in fresh if fresh[name] != committed[name]] == [], "run: make console"


def test_its_scripts_are_small() -> None:
    scripts = [text for name, text in _files(DIST).items() if name.endswith(".js")]
    assert len(scripts) == 2, "the page's, and the worker's that lays out large graphs"
    assert sum(len(gzip.compress(text)) for text in scripts) <= MOST_SCRIPT_BYTES


def test_its_page_holds_nothing_inline_and_names_nothing_elsewhere() -> None:
    page = (DIST / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<(?:script|style)[^>]*>[^<]", page) == []
    assert all(
        one.startswith(("/console/", "data:,")) for one in re.findall(r'(?:src|href)="(.*?)"', page)
    )


def test_what_is_packed_into_it_has_its_licence_told() -> None:
    told = (DIST / "licences.txt").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    packed = set(re.findall(r"^## ([a-z0-9-]+) - ", told, re.MULTILINE))
    assert {"preact", "sigma", "graphology"} <= packed
    assert [name for name in sorted(packed) if f"`{name}`" not in page] == []
