"""The thresholds of the finders: data with a version and a source for each, not code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast

import yaml

Number = int | float


@dataclass(frozen=True, slots=True)
class Parameters:
    """All thresholds of one model version: ``values[finder][parameter]``."""

    version: str
    values: Mapping[str, Mapping[str, Number]]

    def of(self, finder: str) -> dict[str, Number]:
        """Arguments of a finder's dataclass; none when the file says nothing about it."""
        return dict(self.values.get(finder, {}))

    def digest(self) -> str:
        """SHA-256 over version and values: two runs with equal digests used equal thresholds."""
        document = json.dumps({"version": self.version, "values": self.values}, sort_keys=True)
        return hashlib.sha256(document.encode()).hexdigest()


@cache
def shipped_parameters() -> Parameters:
    """The thresholds shipped with this package (``parameters.yaml``)."""
    text = files("graphrisk_algorithms").joinpath("parameters.yaml").read_text(encoding="utf-8")
    return read_parameters(text)


def read_parameters(text: str) -> Parameters:
    r"""Thresholds from YAML; ``ValueError`` names an entry without a number or a source.

    >>> text = "version: a-1\nfan_in: {window: {value: 3, unit: day, source: a report}}"
    >>> read_parameters(text).of("fan_in")
    {'window': 3}
    """
    document = cast("dict[str, object]", yaml.safe_load(text))
    version = document.pop("version", None)
    if not isinstance(version, str):
        raise ValueError("parameters: version is missing")
    values: dict[str, dict[str, Number]] = {}
    for finder, entries in document.items():
        values[finder] = {}
        for name, entry in cast("dict[str, dict[str, object]]", entries).items():
            value = entry.get("value")
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise ValueError(f"parameters: {finder}.{name} has no number")
            if not entry.get("source"):
                raise ValueError(f"parameters: {finder}.{name} names no source")
            values[finder][name] = value
    return Parameters(version, values)
