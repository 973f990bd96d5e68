"""The action ladder: which measures there are, and which a machine may take without a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from graphrisk.analysis.rules.form import LONGEST_WINDOW_DAYS
from graphrisk.analysis.rules.model import Act, Cap, Words
from graphrisk.analysis.rules.place import Part
from graphrisk.core.errors import BadInput, ConfigError
from graphrisk_loaders.yaml_text import YamlFault, read_yaml

SHIPPED: Final = Path(__file__).with_name("ladder.yaml")


class Machine(StrEnum):
    """When a machine may take a measure without a person."""

    ALWAYS = "always"
    EMERGENCY = "emergency"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Rung:
    """One measure."""

    name: str
    label: Words
    machine: Machine
    then: str | None  # the rung that comes with it
    cap: Cap  # of all rules together


@dataclass(frozen=True, slots=True)
class Ladder:
    """All measures, gentlest first."""

    rungs: Mapping[str, Rung]

    def check(self, act: Act) -> None:
        """``BadInput`` when a rule asks for a measure that there is not."""
        if act.rung not in self.rungs:
            told = ", ".join(self.rungs)
            raise BadInput(f"rung is one of {told}, not {act.rung!r} (措施应为：{told})")

    def may_take(self, act: Act) -> bool:
        """Whether a machine may take what a rule asks for by itself."""
        machine = self.rungs[act.rung].machine
        return machine is Machine.ALWAYS or (machine is Machine.EMERGENCY and act.emergency)


def read_ladder(own: Path) -> Ladder:
    """The deployment's own ladder, or the one that is shipped where it has none.

    Raises:
        ConfigError: The file is no ladder; says where.
    """
    file = own if own.exists() else SHIPPED
    try:
        top = Part(file.name, "", read_yaml(file.read_text(encoding="utf-8")))
        rungs = [_rung(part) for part in top.keys(["rungs"])["rungs"].items()]
    except (OSError, UnicodeDecodeError, YamlFault) as error:
        raise ConfigError(f"{file}: cannot be read: {error}") from error
    except BadInput as error:
        raise ConfigError(str(error)) from error
    named = {rung.name: rung for rung in rungs}
    for rung in rungs:
        if rung.then is not None and (rung.then not in named or named[rung.then].then is not None):
            raise ConfigError(f"{file.name}: {rung.name}: then names a rung that ends by itself")
    return Ladder(named)


def _rung(part: Part) -> Rung:
    said = part.keys(["name", "label", "machine", "cap"], ["then"])
    label = said["label"].keys(["zh", "en"])
    cap = said["cap"].keys(["actions", "within"])
    return Rung(
        name=said["name"].name(),
        label=Words(label["zh"].text(), label["en"].text()),
        machine=Machine(said["machine"].one_of(tuple(Machine))),
        then=said["then"].name() if "then" in said else None,
        cap=Cap(cap["actions"].whole(0, 10_000_000), cap["within"].span(LONGEST_WINDOW_DAYS)),
    )
