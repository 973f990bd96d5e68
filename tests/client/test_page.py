"""The examples of the client's page, run as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graphrisk.store.operations import outbox
from tests.api.serving import NOW, Door
from tests.api.town import opened

PAGE = Path(__file__).parents[2] / "docs" / "client.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
SAYS = {
    "asks": ["王芳", "laundering_cycle", "'passer'"],
    "awaits": ["run-2", "ring_"],
    "decides": ["8619900000001"],
    "follows": ["detection.finished run-"],
    "fails": ["NOT_FOUND"],
}


@pytest.fixture(scope="module")
def happened(door: Door) -> None:
    """Two events, so that there is one behind the first."""
    with opened(door.town.settings) as (_, database):
        with database.session() as session:
            for subject in ("run-8", "run-9"):
                outbox.emit(session, "detection.finished", subject, {"findings": 1}, NOW)
        with database.session() as session:
            outbox.relay(session)


@pytest.mark.usefixtures("happened")
@pytest.mark.parametrize("block", BLOCKS, ids=SAYS)
def test_the_example(
    door: Door, block: str, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    text = block.replace("http://127.0.0.1:8000", str(door.http.base_url))
    assert text != block
    exec(compile(text, str(PAGE), "exec"), {})
    said = capsys.readouterr().out
    for word in SAYS[request.node.callspec.id]:
        assert word in said
