"""No kind is declared in vain: sources deliver it and detection reads it."""

from __future__ import annotations

import ast
from importlib.resources import files
from pathlib import Path

import pytest

from graphrisk_loaders.language import IDENTITY_PARTS
from graphrisk_loaders.mapping import Mapping
from graphrisk_loaders.parser import builtin_mappings
from graphrisk_loaders.synth.city import write_city
from graphrisk_schema.model import EdgeKind, NodeKind
from graphrisk_schema.reader import load_schema

#: Kinds that no algorithm reads yet, by the system that will.
WAITING = {
    "S1": {"Complaint", "Judgment", "Opinion", "PROMOTES", "REGISTERED_AT", "REVIEWED"},
    "S3": {"CUSTODY_OF", "REPAID"},
    "S4": {"HANDLED_BY", "PoliceReport", "Provider", "REPORTED", "TAGGED"},
    "S5": {"Hold", "MENTIONS", "STOPS"},
    "S7": {
        "CONCERNS",
        "Case",
        "Certificate",
        "GRANTED",
        "OWNS",
        "RAISED",
        "RENTS",
        "RESPONSIBLE_FOR",
        "SUCCEEDED_BY",
        "Vessel",
    },
    "S9": {"WATCHES"},
}
WAITING_FOR_READERS = {kind: system for system, kinds in WAITING.items() for kind in kinds}
#: Kinds that no source delivers: the service itself states them.
STATED_HERE = {"CONCERNS", "Case", "JUDGED"}


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> list[Mapping]:
    """The mappings that files of a synthetic city fall under."""
    city = tmp_path_factory.mktemp("city")
    write_city("small", 1, city, lambda _label, _done, _total: None)
    written = [file for file in city.iterdir() if file.is_file()]
    return [m for m in builtin_mappings() if any(m.accepts(file) for file in written)]


def _kinds(mappings: list[Mapping]) -> set[str]:
    """Kinds of the facts that rows state, and of the nodes they name."""
    facts = [(t.kind, t.ends) for mapping in mappings for t in mapping.targets]
    facts += [(m.calls.kind, m.calls.ends) for m in mappings if m.calls is not None]
    return {kind for kind, _ in facts} | {end.kind for _, ends in facts for end in ends}


def _declared() -> dict[str, NodeKind | EdgeKind]:
    return {**load_schema().nodes, **load_schema().edges}


def _read_by_algorithms() -> set[str]:
    """Edge kinds named in the algorithms' code, node kinds named there or joined by those."""
    named: set[str] = set()
    for file in Path(str(files("graphrisk_algorithms"))).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                named.add(node.value)
    edges = [edge for name, edge in load_schema().edges.items() if name in named]
    joined = {end for edge in edges for end in (*edge.sources, *edge.targets)}
    return (named | joined) & _declared().keys()


def test_every_kind_is_delivered_by_the_city(delivered: list[Mapping]) -> None:
    assert _declared().keys() - _kinds(delivered) == STATED_HERE


def test_every_kind_is_read_by_an_algorithm_or_waits_for_its_system() -> None:
    assert _declared().keys() - _read_by_algorithms() == WAITING_FOR_READERS.keys()
    for name, system in WAITING_FOR_READERS.items():
        assert system in _declared()[name].systems


def test_every_property_is_delivered_by_the_city_or_by_public_data() -> None:
    mapped = {
        (target.kind, name + suffix)
        for mapping in builtin_mappings()
        for target in mapping.targets
        for name in (*target.properties, *(("lon", "lat") if target.position else ()))
        for suffix in ("", *(f"_{part}" for part in IDENTITY_PARTS))
    }
    sums = {mapping.calls.kind for mapping in builtin_mappings() if mapping.calls is not None}
    declared = {
        (name, prop.name)
        for name, kind in _declared().items()
        for prop in kind.properties
        if name not in sums | STATED_HERE
    }
    assert declared - mapped == set()
