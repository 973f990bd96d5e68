"""Commands around findings: ``detect``, ``findings``, ``explain``, ``evaluate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphrisk.cli.deployment import opened
from graphrisk.cli.options import CaseOption, JsonOption, Language, StoreOption, Truth, languages
from graphrisk.cli.output import progress_bars, say, say_facts, say_json, say_table
from graphrisk.core.errors import system_faults

if TYPE_CHECKING:
    from graphrisk.analysis.inquiry import Inquiry
    from graphrisk.analysis.model import Finding, Place

_PAGE = 500


def detect(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Refresh the columns, find rings, give each its reasons and write the scores back."""
    from dataclasses import asdict

    from graphrisk.analysis.run import detect as run_detection
    from graphrisk.centre.verdicts.lessons import lessons_of
    from graphrisk.core.clock import SystemClock

    with opened(store) as deployment, progress_bars() as progress:
        report = run_detection(
            deployment.store,
            deployment.snapshot_folder,
            deployment.database,
            SystemClock(),
            progress=progress,
            lessons=lessons_of(deployment.settings, deployment.database),
        )
    if as_json:
        say_json(asdict(report))
        return
    say_facts(
        f"Run {report.run.run_id} on snapshot {report.run.snapshot_version}",
        {
            "nodes": report.nodes,
            "edges": report.edges,
            "rows read from the store": report.rows_read,
            "communities": f"{report.frame.communities}, {report.frame.reliable} reliable",
            "found": f"{report.frame.began}, by {report.frame.runs} runs at "
            f"{len(report.frame.resolutions)} resolutions",
            **{f"findings: {kind}": count for kind, count in report.findings.items()},
            **{f"verdicts: {facts}": f"{by:+.2f}" for facts, by in report.shifts.items() if by},
            "nodes with a score": report.scored_nodes,
            "scores written": report.scores_written,
        },
    )


def findings(
    kind: Annotated[str | None, typer.Option(help="Only this kind, e.g. scam_cell.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many; default all.")] = None,
    by_lot: Annotated[
        bool,
        typer.Option("--by-lot", help="Only those that the lot drew to be looked into as well."),
    ] = False,
    case: CaseOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the findings of the last run, strongest first."""
    from dataclasses import asdict

    from graphrisk.analysis.service import Findings
    from graphrisk.cli.documents import finding_document

    with opened(store) as deployment:
        inquiry = deployment.inquiry("investigation", case)
        run = inquiry.latest_run()
        found = _listed(inquiry, kind, None if by_lot else limit)
        if by_lot:
            drawn = Findings(deployment.database, deployment.store).proposed_by_lot()
            found = [one for one in found if one.finding_id in drawn][:limit]
        if as_json:
            listed = [finding_document(inquiry, finding) for finding in found]
            say_json({"run": None if run is None else asdict(run), "findings": listed})
            return
    if run is None:
        say("No detection has run yet: graphrisk detect")
        return
    rows = [[f.finding_id, f.kind, f.score, len(f.members), f.reasons[0].code] for f in found]
    say_table(f"{len(found)} findings", ["id", "kind", "score", "members", "first reason"], rows)


def explain(
    finding_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a finding.")],
    language: Language = "both",
    picture: Annotated[Path | None, typer.Option(help="Also draw it: an SVG file.")] = None,
    counterfactual: Annotated[
        bool,
        typer.Option(
            "--counterfactual",
            help="Also try out which evidence would have to be untrue for the score to fall.",
        ),
    ] = False,
    below: Annotated[
        float, typer.Option(min=0, max=1, help="The score it is to fall below.")
    ] = 0.5,
    case: CaseOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say in plain words why a finding was made: members, evidence, and what to doubt."""
    from graphrisk.analysis.explain import explain as explain_finding
    from graphrisk.cli.documents import finding_document
    from graphrisk.cli.tried import tried
    from graphrisk.core.files import replace

    asked = languages(language)
    with opened(store) as deployment:
        inquiry = deployment.inquiry("investigation", case)
        finding = inquiry.finding(finding_id)
        document = finding_document(inquiry, finding)
        captions = {member["nid"]: member["caption"] for member in document["members"]}
        evidence, parts = inquiry.proofs(finding), inquiry.money_parts(finding)
        if picture is not None:
            with system_faults(picture):
                replace(picture, inquiry.picture(finding, captions).encode())
        trial = tried(deployment, inquiry, finding, below) if counterfactual else None
    texts = {name: explain_finding(finding, captions, evidence, name, parts) for name in asked}
    if trial is not None:
        texts = {name: f"{text}\n\n{trial.told(name)}" for name, text in texts.items()}
    if as_json:
        more = {} if trial is None else {"counterfactual": trial.document()}
        played = [{"nid": nid, "part": part} for nid, part in sorted(parts.items())]
        say_json({**document, "parts": played, **more, "explanation": texts})
    else:
        say("\n\n".join(texts.values()))


def evaluate(truth: Truth, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Compare the last run with the truth of a synthetic city: the score sheet."""
    from graphrisk.analysis.evaluation.sheet import evaluate as compare
    from graphrisk.analysis.service import Findings
    from graphrisk.cli.sheet import say_sheet

    with opened(store) as deployment:
        reader = deployment.reader("evaluate", "evaluation")
        result = compare(Findings(deployment.database, deployment.store), reader, truth)
    if as_json:
        say_json(result)
    else:
        say_sheet(result)


def _listed(inquiry: Inquiry, kind: str | None, limit: int | None) -> list[Finding]:
    """All findings, or the first ``limit``, page by page."""
    found: list[Finding] = []
    after: Place | None = None
    while limit is None or len(found) < limit:
        page = inquiry.findings(
            after, _PAGE if limit is None else min(_PAGE, limit - len(found)), kind
        )
        found.extend(page.items)
        if not page.has_next:
            break
        after = page.place(page.items[-1])
    return found
