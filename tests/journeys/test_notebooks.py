"""The analysts' notebooks run from the first cell to the last, one after the other."""

from __future__ import annotations

from pathlib import Path

import jupytext
import nbclient
import nbformat
import pytest

from graphrisk.store.neo4j.local import Address
from tests.effort import LONG

NOTEBOOKS = sorted(Path("algorithms/notebooks").glob("*.py"))
ENGINES = ["sqlite", "neo4j"] if LONG else ["sqlite"]


@pytest.mark.parametrize("engine", ENGINES)
def test_every_notebook_runs_on_an_empty_store(
    engine: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """The first one fills it: the others work on what it found."""
    monkeypatch.setenv("GRAPHRISK_STORE", f"sqlite:///{tmp_path / 'graph.db'}")
    monkeypatch.setenv("GRAPHRISK_DATA_DIR", str(tmp_path / "files"))
    if engine == "neo4j":
        address: Address = request.getfixturevalue("neo4j_address")
        host = address.uri.partition("//")[2]
        monkeypatch.setenv("GRAPHRISK_STORE", f"bolt://{address.user}@{host}")
        monkeypatch.setenv("GRAPHRISK_STORE_PASSWORD", address.password)
    assert len(NOTEBOOKS) == 5
    for file in NOTEBOOKS:
        notebook = _run(file)
        shown = [kind for cell in notebook.cells for kind in _shown(cell)]
        assert "image/png" in shown, f"{file.name} shows no picture"
        if file.stem.startswith(("01", "04")):
            assert any("<svg" in text for text in _pages(notebook)), f"{file.name} shows no ring"


def _run(file: Path) -> nbformat.NotebookNode:
    notebook: nbformat.NotebookNode = jupytext.read(file)
    nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
    return notebook


def _shown(cell: nbformat.NotebookNode) -> list[str]:
    return [kind for output in cell.get("outputs", []) for kind in output.get("data", {})]


def _pages(notebook: nbformat.NotebookNode) -> list[str]:
    """Pages in frames, as the browser unpacks them."""
    outputs = [one for cell in notebook.cells for one in cell.get("outputs", [])]
    pages = [one.get("data", {}).get("text/html", "") for one in outputs]
    return [page.replace("&lt;", "<") for page in pages if "srcdoc" in page]
