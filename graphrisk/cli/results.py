"""Commands around findings: ``detect``, ``findings``, ``explain``, ``evaluate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphrisk.cli.deployment import opened
from graphrisk.cli.options import JsonOption, Language, StoreOption, Truth
from graphrisk.cli.output import progress_bars, say, say_facts, say_json, say_table
from graphrisk.core.errors import BadInput

if TYPE_CHECKING:
    from graphrisk.analysis.model import Finding

_LANGUAGES = {"zh": ("zh",), "en": ("en",), "both": ("zh", "en")}
_PAGE = 200


def detect(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Refresh the columns, find rings, give each its reasons and write the scores back."""
    from dataclasses import asdict

    from graphrisk.analysis.run import detect as run_detection
    from graphrisk.core.clock import SystemClock

    with opened(store) as deployment, progress_bars() as progress:
        report = run_detection(
            deployment.store,
            deployment.snapshot_folder,
            deployment.database,
            SystemClock(),
            progress=progress,
        )
    if as_json:
        say_json(asdict(report))
    else:
        say_facts("Detection", asdict(report))


def findings(
    kind: Annotated[str | None, typer.Option(help="Only this kind, e.g. scam_cell.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many; default all.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the findings of the last run, strongest first."""
    from graphrisk.analysis.service import Findings

    with opened(store) as deployment:
        service = Findings(deployment.database)
        run = service.latest_run()
        found = list_findings(service, kind, limit)
        if as_json:
            listed = [finding_document(deployment.reader("investigation"), f) for f in found]
            say_json({"run": run and run_document(run), "findings": listed})
            return
    rows = [[f.finding_id, f.kind, f"{f.score:.3f}", len(f.members), _strongest(f)] for f in found]
    say_table(f"{len(found)} findings", ["id", "kind", "score", "members", "first reason"], rows)


def explain(
    finding_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a finding.")],
    language: Language = "both",
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say in plain words why a finding was made, with members, roles and evidence."""
    from graphrisk.analysis.explain import explain as explain_finding
    from graphrisk.analysis.service import Findings

    if language not in _LANGUAGES:
        raise BadInput(f"--lang is one of {', '.join(_LANGUAGES)}, not {language!r}")
    with opened(store) as deployment:
        finding = Findings(deployment.database).get(finding_id)
        document = finding_document(deployment.reader("investigation"), finding)
    captions = {m["nid"]: m["caption"] for m in document["members"]}
    texts = {lang: explain_finding(finding, captions, lang) for lang in _LANGUAGES[language]}
    if as_json:
        say_json({**document, "explanation": texts})
    else:
        say("\n\n".join(texts.values()))


def evaluate(truth: Truth, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Compare the last run's findings with the truth of a synthetic city."""
    from graphrisk.analysis.evaluate import evaluate as compare
    from graphrisk.analysis.service import Findings

    with opened(store) as deployment:
        result = compare(Findings(deployment.database), deployment.reader("evaluation"), truth)
    if as_json:
        say_json(result)
    else:
        say_facts("Compared with the truth", {name: str(value) for name, value in result.items()})
