"""The demo's check finds nothing where all is well, and whatever differs where it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from graphrisk.analysis.deployment import Deployment
from graphrisk.analysis.inquiry import Inquiry
from graphrisk.analysis.model import NodeScore
from graphrisk.api.types import reasons
from graphrisk.cli.check import differences
from graphrisk.settings import Settings
from tests.api.serving import opened_door
from tests.api.town import build, opened

Checked = Callable[[], list[str]]
#: Untyped: whatever a method of the inquiry gives.
Change = Callable[[Any], Any]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checked]:
    """Asks the endpoint of a town and compares."""
    folder = tmp_path_factory.mktemp("town")
    town = build(Settings(store=f"sqlite:///{folder / 'graph.db'}"), folder)
    with opened_door(town) as door, opened(town.settings) as (store, database):
        url = f"{door.http.base_url}/graphql".replace("//graphql", "/graphql")
        yield lambda: differences(url, Deployment(town.settings, store, database))


def test_an_honest_endpoint_differs_in_nothing(checked: Checked) -> None:
    assert checked() == []


def _first_only(page: Any) -> Any:
    return replace(page, items=page.items[:1])


def _backwards(page: Any) -> Any:
    return replace(page, items=page.items[::-1])


def _without_evidence(finding: Any) -> Any:
    return replace(finding, evidence=finding.evidence[:-1])


def _other_role(finding: Any) -> Any:
    first, *rest = finding.members
    return replace(finding, members=(replace(first, role="device"), *rest))


def _lower(scored: Any) -> Any:
    scores = {nid: NodeScore(nid, one.score / 2, ()) for nid, one in scored.scores.items()}
    return replace(scored, scores=scores)


@pytest.mark.parametrize(
    ("method", "change", "where"),
    [
        ("counts", lambda counts: {**counts, "Person": 5}, "counts"),
        ("latest_run", lambda run: replace(run, run_id="other"), "run"),
        ("findings", _first_only, "findings"),
        ("findings", _backwards, "findings"),
        ("finding", _without_evidence, "evidence of"),
        ("finding", _other_role, "members of"),
        ("scored", _lower, "members of"),
        (
            "entities",
            lambda found: {n: replace(e, caption="x") for n, e in found.items()},
            "members",
        ),
        ("degrees", lambda degrees: degrees[1:], "neighbours of"),
        ("neighbours", lambda page: replace(page, total=page.total + 1), "of account_"),
        ("path", lambda _path: None, "path from"),
    ],
)
def test_what_the_endpoint_says_otherwise_is_named(
    checked: Checked, monkeypatch: pytest.MonkeyPatch, method: str, change: Change, where: str
) -> None:
    honest = getattr(Inquiry, method)
    monkeypatch.setattr(Inquiry, method, lambda *args: change(honest(*args)))
    found = checked()
    assert found
    assert any(where in line for line in found), found


def test_another_sentence_is_named(checked: Checked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasons, "sentence", lambda _reason, _language: "because")
    assert any(line.startswith("finding ring_") for line in checked())
