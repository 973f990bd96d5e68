"""The score sheet of ``graphrisk evaluate`` for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrisk.cli.output import Cell, say, say_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrisk.analysis.evaluation.groups import GroupFigures
    from graphrisk.analysis.evaluation.sheet import Evaluation

_RINGS = ("planted", "matched", "first K", "≥ .3", "≥ .5")
_TIMES = ("told", "days", "worst", "saved", "reach")


def say_sheet(sheet: Evaluation) -> None:
    """Print the sheet as tables, what is counted first."""
    for name, rings in (("kind", sheet["by_kind"]), ("level", sheet["by_level"])):
        say_table(f"Rings by {name}", [name, *_RINGS], _rings(rings))
        say_table("First alert, and reach", [name, *_TIMES], _times(rings))
    decoys: list[list[Cell]] = [
        [k, d["groups"], d["flagged"], d["at_k"]] for k, d in sheet["hard_negatives"].items()
    ]
    say_table("Honest look-alikes", ["kind", "groups", "flagged", "by first K"], decoys)
    nodes = [[kind, *figures.values()] for kind, figures in sheet["nodes"].items()]
    columns = ["offenders", "score ≥ .2", "AUC", "AP", "ECE", "ECE ≥ .2", "Brier skill"]
    say_table("Scores", ["", "nodes", *columns], nodes)
    say_table("In all", ["", ""], _facts(sheet))
    flagged = sum(kind["flagged"] for kind in sheet["hard_negatives"].values())
    groups = sum(kind["groups"] for kind in sheet["hard_negatives"].values())
    say(
        f"{sheet['matched']} of {sheet['planted']} rings matched by the first {sheet['judged']} "
        f"of {sheet['found']} findings; {sheet['false_findings']} of these match no ring; "
        f"{flagged} of {groups} look-alikes flagged."
    )


def _rings(groups: Mapping[str, GroupFigures]) -> list[list[Cell]]:
    return [
        [
            name,
            one["planted"],
            one["matched"],
            one["recovered_at_k"],
            one["recall_03"],
            one["recall_05"],
        ]
        for name, one in groups.items()
    ]


def _times(groups: Mapping[str, GroupFigures]) -> list[list[Cell]]:
    return [[name, *one["time"].values(), one["reach"]] for name, one in groups.items()]


def _facts(sheet: Evaluation) -> list[list[Cell]]:
    rings, alerts, victims = sheet["rings"], sheet["alerts"], sheet["victims"]
    rows: list[list[Cell]] = [
        [f"rings recovered by the first {rings['planted']} findings", rings["recovered_at_k"]],
        ["precision of the first 20 findings", rings["precision_at_20"]],
        ["look-alikes among the first K, share of K", rings["hard_negatives_at_k"]],
        ["precision of the first 20 persons", alerts["precision_at_20"]],
        ["precision of the first 50 persons", alerts["precision_at_50"]],
        ["precision of the first 100 persons", alerts["precision_at_100"]],
    ]
    for least, by_times in alerts["precision_at_prevalence"].items():
        for times, precision in by_times.items():
            rows.append([f"precision of scores ≥ {least}, offenders {times}×", precision])
    return [
        *rows,
        ["Jaccard reached from one number", sheet["reach"]["mean_jaccard"]],
        ["  from a member's / a victim's number", _pair(sheet)],
        ["days to the first alert, median / slowest", _days(sheet)],
        ["false findings per 100,000 people and day", sheet["false_alerts"]["findings"]],
        ["persons wrongly ≥ .2 per 100,000 and day", sheet["false_alerts"]["persons"]],
        ["victims with a score ≥ .2", victims["suspected"]],
        ["victims in the top 1 % / in the population", _victims(sheet)],
    ]


def _pair(sheet: Evaluation) -> str:
    return f"{sheet['reach']['from_members']} / {sheet['reach']['from_victims']}"


def _days(sheet: Evaluation) -> str:
    return f"{sheet['time']['days_to_alert']} / {sheet['time']['days_to_alert_worst']}"


def _victims(sheet: Evaluation) -> str:
    return f"{sheet['victims']['in_top_1_percent']} / {sheet['victims']['in_population']}"
