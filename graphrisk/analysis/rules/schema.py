"""The JSON Schema of rule files: for editors, and for programs that write rules.

It says what can be said of each part by itself. That names exist, that bands rise and that points
can be reached, the reader alone tells (``form``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import orjson

from graphrisk.analysis.rules.form import (
    LARGEST_MOST,
    MOST_PANES,
    MOST_POINTS,
)
from graphrisk.analysis.rules.kinds import event_kinds
from graphrisk.analysis.rules.tree import CONDITIONS, MEASURES
from graphrisk_schema.reader import load_schema

FILE: Final = Path("graphrisk/analysis/rules/rules.schema.json")
Schema = dict[str, object]
_TEXT: Final[Schema] = {"type": "string", "minLength": 1, "maxLength": 500}
_NAME: Final[Schema] = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,63}$"}
_SPAN: Final[Schema] = {
    "type": "string",
    "pattern": "^[1-9][0-9]{0,3} (second|minute|hour|day)s?$",
}
_MEASURE: Final[Schema] = {"$ref": "#/$defs/measure"}
_CONDITION: Final[Schema] = {"$ref": "#/$defs/condition"}
_POINTS: Final[Schema] = {"type": "integer", "minimum": -MOST_POINTS, "maximum": MOST_POINTS}


def render() -> str:
    """The schema as it is kept in the repository."""
    return orjson.dumps(json_schema(), option=orjson.OPT_INDENT_2).decode() + "\n"


def json_schema() -> Schema:
    """The schema (draft 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rules of graphrisk",
        **_object(
            {"rules": _list(_rule(), 200), "counters": _map(_counter()), "lists": _map(_named())},
            ["rules"],
        ),
        "$defs": {
            "measure": {"anyOf": [{"type": "number"}, *map(_measure, MEASURES)]},
            "condition": {"anyOf": [*map(_condition, CONDITIONS)]},
            "words": _object({"zh": _TEXT, "en": _TEXT}),
        },
    }


def _object(properties: Schema, needed: list[str] | None = None) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if needed is None else needed,
        "additionalProperties": False,
    }


def _list(items: Schema, most: int, least: int = 1) -> Schema:
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


def _map(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def _one_of(values: list[str]) -> Schema:
    return {"enum": values}


def _measure(word: str) -> Schema:
    edge_kind, party = _one_of([*load_schema().edges]), _one_of(_parties())
    if word in ("sum", "times"):
        return _object({word: _list(_MEASURE, 20, 2)})
    if word in ("minus", "over"):
        return _object({word: _list(_MEASURE, 2, 2)})
    shapes: dict[str, Schema] = {
        "field": _object({word: _one_of(_fields("numbers"))}),
        "count": _object({word: {"type": "string"}, "of": party}, [word]),
        "degree": _object(
            {word: edge_kind, "of": party, "direction": _one_of(["in", "out", "both"])},
            [word, "of"],
        ),
        "sharing": _object({word: edge_kind, "of": party}),
        "hops": _object({word: {"type": "string"}, "of": party}),
        "met": _object({word: edge_kind, "of": party, "with": party}),
        "score": _object({word: party}),
        "phrases": _object({word: {"type": "string"}, "in": _one_of(_fields("texts"))}),
        "clock": _object({word: _one_of(["hour", "weekday", "working_day"])}),
    }
    return shapes[word]


def _condition(word: str) -> Schema:
    if word in ("all", "any"):
        return _object({word: _list(_CONDITION, 50)})
    shapes: dict[str, Schema] = {
        "not": _object({word: _CONDITION}),
        "listed": _object({word: {"type": "string"}, "of": _one_of(_parties())}),
        "text": _object({word: _one_of(_fields("texts")), "in": _list(_TEXT, 1_000)}),
    }
    return shapes.get(word, _object({word: _list(_MEASURE, 2, 2)}))


def _parties() -> list[str]:
    return [party for kind in event_kinds().values() for party in kind.parties]


def _fields(of: str) -> list[str]:
    kinds = event_kinds().values()
    return [name for kind in kinds for name in (kind.numbers if of == "numbers" else kind.texts)]


def _rule() -> Schema:
    cap = _object({"actions": {"type": "integer", "minimum": 1}, "within": _SPAN})
    act = {"rung": _NAME, "emergency": {"type": "boolean"}, "cap": cap}
    threshold: Schema = {"type": "integer", "minimum": 1, "maximum": MOST_POINTS}
    rule = _object(
        {
            "id": _NAME,
            "title": {"$ref": "#/$defs/words"},
            "category": _NAME,
            "event": _one_of([*event_kinds()]),
            "about": _one_of(_parties()),
            "when": _CONDITION,
            "reasons": _list(_reason(), 20),
            "alert": threshold,
            "action": threshold,
            "act": _object(act, ["rung", "cap"]),
        },
        ["id", "title", "event", "about", "reasons", "alert"],
    )
    return {**rule, "dependentRequired": {"action": ["act"], "act": ["action"]}}


def _reason() -> Schema:
    words: Schema = {"$ref": "#/$defs/words"}
    band = _object({"from": {"type": "number"}, "points": _POINTS})
    return {
        "oneOf": [
            _object({"reason": words, "if": _CONDITION, "points": _POINTS}),
            _object({"reason": words, "measure": _MEASURE, "bands": _list(band, 10)}),
        ]
    }


def _counter() -> Schema:
    return _object(
        {
            "event": _one_of([*event_kinds()]),
            "by": _one_of(_parties()),
            "what": _one_of(["count", "sum", "distinct"]),
            "of": _one_of([*_parties(), *_fields("numbers")]),
            "within": _SPAN,
            "panes": {"type": "integer", "minimum": 2, "maximum": MOST_PANES},
            "most": {"type": "integer", "minimum": 2, "maximum": LARGEST_MOST},
            "where": _CONDITION,
        },
        ["event", "by", "what", "within"],
    )


def _named() -> Schema:
    phrase: Schema = {"type": "string", "minLength": 1, "maxLength": 100}
    kinds = _one_of([*load_schema().nodes])
    key: Schema = {"type": "string", "minLength": 1, "maxLength": 200}
    return {
        "oneOf": [
            _object({"phrases": _list(phrase, 10_000)}),
            _object({"kind": kinds, "keys": _list(key, 10_000)}),
            _object({"kind": kinds, "having": {"type": "string"}}),
        ]
    }
