"""docs/quality.md, written whole from what the benchmark saved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.quality.sheet_page import sheet_section
from benchmarks.quality.tables import table
from benchmarks.quality.texts import texts

Document = dict[str, Any]


def quality_page(parts: dict[str, Document]) -> str:
    """The page on cities, from the results of each preset."""
    first = next(iter(parts.values()))
    body = [texts()["city"].format(**first["stamp"])]
    body += [_preset(name, part["cities"]) for name, part in parts.items()]
    return "\n".join(body)


def _preset(name: str, cities: Sequence[Document]) -> str:
    size = cities[0]
    planted = sum(one["planted"] for one in cities)
    head = (
        f"## `{name}`: {len(cities)} cities\n\n"
        f"Seeds {', '.join(str(one['seed']) for one in cities)}; about {size['people']:,} people, "
        f"{size['calls']:,} calls, {size['transfers']:,} transfers and {size['planted']} rings "
        "each.\n"
    )
    shares = [one["matched"] / one["planted"] for one in cities]
    first = [one["first_matching"] / one["planted"] for one in cities]
    judged = sum(one["false_findings"] for one in cities)
    found = sum(one["found"] for one in cities)
    rows = [
        ("planted rings matched", *_spread(shares)),
        ("of the first K findings, K rings planted, those that match one", *_spread(first)),
    ]
    text = [head, table(("a city", "mean", "worst", "best"), rows)]
    text.append(
        f"In all {sum(one['matched'] for one in cities)} of {planted} rings matched; "
        f"{judged} of {found} findings matched none.\n"
    )
    text.append(sheet_section(cities))
    text += [_levels(cities), _shapes(cities), _look_alikes(cities), _torn(cities)]
    text.append(_seconds(cities))
    return "\n".join(part for part in text if part)


def _spread(shares: Sequence[float]) -> tuple[str, str, str]:
    return (_percent(sum(shares) / len(shares)), _percent(min(shares)), _percent(max(shares)))


def _levels(cities: Iterable[Document]) -> str:
    matched: defaultdict[tuple[str, int], list[bool]] = defaultdict(list)
    for city in cities:
        for ring in city["rings"]:
            matched[ring["kind"], ring["level"]].append(ring["matched"])
    levels = sorted({level for _, level in matched})
    rows = [
        (
            kind.replace("_", " "),
            *(f"{sum(matched[kind, level])} / {len(matched[kind, level])}" for level in levels),
        )
        for kind in dict.fromkeys(kind for kind, _ in matched)
    ]
    return "Matched by kind and level of camouflage:\n\n" + table(
        ("kind", *(f"level {level}" for level in levels)), rows
    )


def _shapes(cities: Iterable[Document]) -> str:
    matched: defaultdict[str, list[bool]] = defaultdict(list)
    for city in cities:
        for ring in city["rings"]:
            if ring["kind"] == "laundering_flow":
                matched[ring["shape"]].append(ring["matched"])
    rows = [
        (shape.replace("_", " "), f"{sum(matched[shape])} / {len(matched[shape])}")
        for shape in sorted(matched)
    ]
    if not rows:
        return ""
    return "Laundering flows by shape:\n\n" + table(("shape", "matched"), rows)


def _look_alikes(cities: Sequence[Document]) -> str:
    kinds = [_kinds(city) for city in cities]
    rows = [
        (
            kind.replace("_", " "),
            str(sum(one[kind]["groups"] for one in kinds)),
            str(sum(one[kind]["flagged"] for one in kinds)),
        )
        for kind in sorted(kinds[0])
    ]
    return "Honest look-alikes:\n\n" + table(("kind", "groups", "flagged"), rows)


def _kinds(city: Document) -> dict[str, dict[str, int]]:
    """Groups and flagged ones by kind; results of spine-1 planted as many of each kind."""
    if "sheet" in city:
        found: dict[str, dict[str, int]] = city["sheet"]["hard_negatives"]
        return found
    flagged: dict[str, int] = city["hard_negatives_flagged"]
    every = city["hard_negatives"] // len(flagged)
    planted = city.get("look_alikes", {})
    return {k: {"groups": planted.get(k, every), "flagged": n} for k, n in flagged.items()}


def _torn(cities: Sequence[Document]) -> str:
    torn = [one["torn"] for one in cities if "torn" in one]
    if not torn:
        return ""
    return (
        "Control: the same cities with the ends of their edges exchanged at random within each "
        "kind give "
        f"{sum(one['found'] for one in torn)} findings in all, of which "
        f"{sum(one['matched'] for one in torn)} match a ring.\n"
    )


def _seconds(cities: Sequence[Document]) -> str:
    rows = []
    for step in cities[0]["seconds"]:
        taken = sorted(one["seconds"][step] for one in cities)
        rows.append((step, f"{taken[len(taken) // 2]:.1f}", f"{taken[0]:.1f}", f"{taken[-1]:.1f}"))
    return "Seconds on SQLite:\n\n" + table(("step", "median", "least", "most"), rows)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
