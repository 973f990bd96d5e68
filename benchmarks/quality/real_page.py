"""docs/real-data.md, written whole from what the benchmark saved."""

from __future__ import annotations

from typing import Any

from benchmarks.quality.texts import texts

Document = dict[str, Any]


def real_page(document: Document) -> str:
    """The page on public data sets."""
    found = document["sets"]
    said = texts()
    parts = [said["real"].format(**document["stamp"])]
    parts += [
        _set(text["title"], text["about"], found[name])
        for name, text in said["sets"].items()
        if name in found
    ]
    return "\n".join(parts)


def _set(title: str, about: str, said: Document) -> str:
    rows = ", ".join(f"{count:,} rows of `{name}`" for name, count in said["rows"].items())
    findings = ", ".join(f"{count} {kind}" for kind, count in said["findings"].items()) or "none"
    seconds = said["seconds"]
    text = [
        f"## {title}\n\n{about}\n",
        f"Loaded: {rows} ({seconds['load']:.1f} s; detection {seconds['detect']:.1f} s). "
        f"Findings: {findings}. The strongest:\n",
        "| kind | score | members | why |\n|---|---|---|---|",
    ]
    text += [
        f"| {one['kind']} | {one['score']:.2f} | {one['members']} | {one['why']} |"
        for one in said["strongest"]
    ]
    return "\n".join([*text, "", _labelled(said) if "labelled" in said else _groups(said)])


def _labelled(said: Document) -> str:
    share = said["positive"] / said["labelled"]
    held = said["flagged_positive"] / max(said["flagged"], 1)
    lines = [
        f"Of {said['labelled']:,} labelled, {said['positive']:,} are fraud ({100 * share:.1f} %). "
        f"Members of findings: {said['flagged']:,}, of which {said['flagged_positive']:,} fraud "
        f"({100 * held:.1f} %), {held / share:.1f} times the base rate.\n",
        "| ranked by | average precision | AUC |\n|---|---|---|",
    ]
    lines += [
        f"| {name} | {said['average_precision'][name]:.3f} | {said['auc'][name]:.3f} |"
        for name in said["auc"]
    ]
    chance = f"| chance | {share:.3f} | 0.500 |"
    return "\n".join([*lines, chance, ""])


def _groups(said: Document) -> str:
    return (
        f"Of {said['people']:,} people, {said['in_groups']:,} are in a group, "
        f"{said['in_two_groups']:,} in more than one.\n"
    )
