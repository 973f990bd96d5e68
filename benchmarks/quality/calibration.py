"""Learns the scale's maps on synthetic cities of development and judges them on others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from benchmarks.quality.pipeline import Detected, detected, quiet
from graphrisk.analysis.evaluation.rings import TOUCHED, jaccard
from graphrisk.analysis.evaluation.truth import Truth, read_truth
from graphrisk.analysis.findings import BLAMELESS, NodeKeys
from graphrisk.analysis.learning import Example, Part, learnt_maps, learnt_roles
from graphrisk.analysis.run import find_candidates
from graphrisk.analysis.scoring import Scale, stated_scale
from graphrisk_algorithms.algorithm import Candidate
from graphrisk_algorithms.parameters import shipped_parameters
from graphrisk_loaders.synth.city import write_city

_PEOPLE = 10_000
_HEAD = """\
# Written by `{command}`; do not edit. Learnt on synthetic cities: preset and seeds {source}.
# knots: probability that a finding of the kind is a ring, at the log10 odds of scoring.KNOTS.
# roles: share of a role's persons who offend, where the finding is one.
"""


@dataclass
class Lessons:
    """Findings and members of which the truth is known."""

    examples: list[Example]
    parts: list[Part]

    def weighed(self) -> Lessons:
        """The same, so that findings together count what they are: only cities differ in weight."""
        mean = sum(one.weight for one in self.examples) / max(len(self.examples), 1)
        return Lessons(
            [replace(one, weight=one.weight / mean) for one in self.examples],
            [
                replace(one, members=one.members / mean, offenders=one.offenders / mean)
                for one in self.parts
            ],
        )

    def learn(self, path: Path, source: str, command: str) -> None:
        """Write the maps as data, with where they come from."""
        scale = stated_scale()
        told = self.weighed()
        maps = learnt_maps(scale, told.examples, scale.weight)
        roles = learnt_roles(scale, told.parts)
        kinds: dict[str, Any] = {
            kind: {
                "findings": sum(one.kind == kind for one in self.examples),
                "rings": sum(one.kind == kind and one.is_ring for one in self.examples),
                "knots": list(knots),
                "roles": roles.get(kind, {}),
            }
            for kind, knots in maps.items()
        }
        document = {"version": f"cities of {source}", "kinds": kinds}
        text = yaml.safe_dump(document, sort_keys=False, default_flow_style=None, width=120)
        path.write_text(_HEAD.format(command=command, source=source) + text, encoding="utf-8")


def lessons(cities: Sequence[tuple[str, int]]) -> Lessons:
    """What the findings of some cities teach; a city is a preset and a seed."""
    found = Lessons([], [])
    for preset, seed in cities:
        with TemporaryDirectory(prefix="graphrisk-lesson-") as place:
            write_city(preset, seed, Path(place) / "city", quiet)
            with detected(Path(place) / "city", resolved=True) as run:
                truth = read_truth(run.reader, Path(place) / "city" / "truth")
                add_lessons(found, run, truth, stated_scale())
        print(f"{preset} {seed}: {len(found.examples)} findings so far", flush=True)
    return found


def add_lessons(found: Lessons, run: Detected, truth: Truth, scale: Scale) -> None:
    """Add what one city's findings teach; it counts by its people, for rings crowd small ones."""
    graph = run.graph()
    weight = len(graph.nodes["Person"]) / _PEOPLE
    seen = truth.seen(run.findings.stands_for())
    keys, offenders = NodeKeys(graph), seen.offenders()
    for one in find_candidates(graph, shipped_parameters(), scale, quiet):
        suspects = frozenset(nid for nid, role in _members(one) if role not in BLAMELESS)
        overlap = max((jaccard(suspects, ring.offenders) for ring in seen.rings), default=0.0)
        is_ring = overlap >= TOUCHED
        found.examples.append(Example(one.kind, scale.odds(one), is_ring, weight))
        if is_ring:
            people = [(nid, role) for nid, role in _members(one) if keys.kind(nid) == "Person"]
            for role in sorted({role for _, role in people} - BLAMELESS):
                nids = [nid for nid, part in people if part == role]
                guilty = sum(nid in offenders for nid in nids)
                part = Part(one.kind, role, len(nids) * weight, guilty * weight)
                found.parts.append(part)


def _members(candidate: Candidate) -> Iterator[tuple[int, str]]:
    return zip(candidate.members.tolist(), candidate.roles, strict=True)
