"""Reads the table of a state machine and says what is wrong with it, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import cast

from graphrisk.core.errors import ConfigError
from graphrisk.core.machine import Machine, State, Transition
from graphrisk_loaders.yaml_text import YamlFault, read_yaml

_TABLE = {"machine", "initial", "states", "actions", "transitions"}
_STATE = {"zh", "en", "final"}
_WORDS = {"zh", "en"}
_ROW = {"action", "from", "to", "right", "reason", "not_by", "starts", "stops"}


def shipped_machine(package: str, name: str) -> Machine:
    """The table ``NAME.yaml`` that lies in a package of this release."""
    text = files(package).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return read_machine(text, f"{name}.yaml")


def read_machine(text: str, file: str) -> Machine:
    """The machine that a table describes.

    Raises:
        ConfigError: It is no YAML, has another form, names what is not there, has a state that
            nothing reaches or that nothing leads out of to an end, two rows for one action in one
            state, or a deadline that is started and never stopped. Names every fault it found.
    """
    try:
        table = _mapping(read_yaml(text), "the table")
        _only(table, _TABLE, "the table")
        machine = _read(table)
    except (YamlFault, _Malformed) as fault:
        raise ConfigError(f"{file}: {fault}") from fault
    complaints = list(_complaints(machine))
    if complaints:
        raise ConfigError(f"{file}: {'; '.join(complaints)}")
    return machine


class _Malformed(Exception):
    """A table of another form."""


def _read(table: Mapping[str, object]) -> Machine:
    states = {
        name: _state(name, _mapping(said, f"state {name}"))
        for name, said in _mapping(table.get("states"), "states").items()
    }
    words = {
        name: _words(_mapping(said, f"action {name}"), f"action {name}")
        for name, said in _mapping(table.get("actions"), "actions").items()
    }
    rows = table.get("transitions")
    if not isinstance(rows, list):
        raise _Malformed("transitions is a list")
    read = [_row(_mapping(row, f"transition {n}"), n) for n, row in enumerate(rows, start=1)]
    name, initial = (_text(table, key, "the table") for key in ("machine", "initial"))
    return Machine(name, initial, states, words, read)


def _state(name: str, said: Mapping[str, object]) -> State:
    _only(said, _STATE, f"state {name}")
    words = _words({key: said.get(key) for key in _WORDS}, f"state {name}")
    return State(name, words["zh"], words["en"], _flag(said, "final", f"state {name}"))


def _row(said: Mapping[str, object], number: int) -> Transition:
    place = f"transition {number}"
    _only(said, _ROW, place)
    return Transition(
        action=_text(said, "action", place),
        before=_names(said, "from", place),
        after=_text(said, "to", place) if "to" in said else None,
        right=_text(said, "right", place),
        needs_reason=_flag(said, "reason", place),
        not_by=_names(said, "not_by", place),
        starts=_names(said, "starts", place),
        stops=_names(said, "stops", place),
    )


def _complaints(machine: Machine) -> Iterator[str]:
    yield from _unknown(machine)
    yield from _twice(machine.transitions)
    if machine.initial in machine.states:
        reached = _closure({machine.initial}, _ways(machine))
        for name in sorted(machine.states.keys() - reached):
            yield f"nothing leads to the state {name}"
    ends = {name for name, state in machine.states.items() if state.is_final}
    if not ends:
        yield "no state is final"
    leads = _closure(ends, [(after, before) for before, after in _ways(machine)])
    for name in sorted(machine.states.keys() - leads):
        yield f"from the state {name} nothing leads to an end"
    started = {one for row in machine.transitions for one in row.starts}
    stopped = {one for row in machine.transitions for one in row.stops}
    for name in sorted(started - stopped):
        yield f"the deadline {name} is started and never stopped"
    for name in sorted(stopped - started):
        yield f"the deadline {name} is stopped and never started"


def _unknown(machine: Machine) -> Iterator[str]:
    if machine.initial not in machine.states:
        yield f"initial names no state: {machine.initial}"
    for number, row in enumerate(machine.transitions, start=1):
        if not row.before:
            yield f"transition {number} begins in no state"
        for name in (*row.before, *([] if row.after is None else [row.after])):
            if name not in machine.states:
                yield f"transition {number} names no state: {name}"
        if row.action not in machine.words:
            yield f"transition {number} names no action: {row.action}"
    used = {row.action for row in machine.transitions}
    for name in sorted(machine.words.keys() - used):
        yield f"no transition has the action {name}"


def _twice(rows: Sequence[Transition]) -> Iterator[str]:
    pairs = [(row.action, before) for row in rows for before in row.before]
    for action, before in sorted({pair for pair in pairs if pairs.count(pair) > 1}):
        yield f"{action} has two transitions in the state {before}"


def _ways(machine: Machine) -> list[tuple[str, str]]:
    return [
        (before, row.after)
        for row in machine.transitions
        for before in row.before
        if row.after is not None
    ]


def _closure(begin: set[str], ways: Sequence[tuple[str, str]]) -> set[str]:
    found = set(begin)
    while more := {after for before, after in ways if before in found} - found:
        found |= more
    return found


def _mapping(said: object, place: str) -> Mapping[str, object]:
    if not isinstance(said, dict) or not all(isinstance(key, str) for key in said):
        raise _Malformed(f"{place} is keys with values")
    return cast("dict[str, object]", said)


def _only(said: Mapping[str, object], known: set[str], place: str) -> None:
    for key in said:
        if key not in known:
            raise _Malformed(f"{place}: {key} is none of {', '.join(sorted(known))}")


def _words(said: Mapping[str, object], place: str) -> dict[str, str]:
    _only(said, _WORDS, place)
    return {key: _text(said, key, place) for key in sorted(_WORDS)}


def _text(said: Mapping[str, object], key: str, place: str) -> str:
    value = said.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _Malformed(f"{place}: {key} is a text")
    return value


def _flag(said: Mapping[str, object], key: str, place: str) -> bool:
    value = said.get(key, False)
    if not isinstance(value, bool):
        raise _Malformed(f"{place}: {key} is true or false")
    return value


def _names(said: Mapping[str, object], key: str, place: str) -> tuple[str, ...]:
    value = said.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _Malformed(f"{place}: {key} is a list of names")
    return tuple(value)
