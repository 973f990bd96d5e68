"""Rule files: YAML with rules and the counters and lists that they use.

``read_rules`` gives each rule whole, with a version of its content: whatever is said of it, its
counters or its lists gives another version, whatever is said of other rules does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Literal, cast

import orjson

from graphrisk.analysis.rules.kinds import EventKind, event_kinds
from graphrisk.analysis.rules.model import (
    Act,
    Band,
    Cap,
    Counter,
    NodeList,
    Rule,
    Term,
    Words,
)
from graphrisk.analysis.rules.place import Part
from graphrisk.analysis.rules.tree import Names, read_condition, read_measure
from graphrisk.core.errors import BadInput
from graphrisk_loaders.yaml_text import YamlFault, read_yaml
from graphrisk_schema.reader import load_schema

#: Counts over longer are the graph's.
LONGEST_WINDOW_DAYS: Final = 31
DEFAULT_PANES, MOST_PANES = 12, 64
DEFAULT_MOST, LARGEST_MOST = 64, 160
MOST_POINTS: Final = 1_000
_MOST_RULES, _MOST_TERMS, _MOST_BANDS = 200, 20, 10
_LONGEST_LIST = 10_000


def shipped_sets() -> list[Path]:
    """The rule files that come with the service, by name."""
    return sorted(Path(__file__).with_name("sets").glob("*.yaml"))


def read_file(file: Path) -> list[Rule]:
    """The rules of a file; ``BadInput`` names file, place and value."""
    try:
        return read_rules(file.read_text(encoding="utf-8"), file.name)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot be read: {error}", file=str(file)) from error


def read_rules(text: str, file: str) -> list[Rule]:
    """The rules that a YAML text says; ``BadInput`` names file, place and value."""
    try:
        said = read_yaml(text)
    except YamlFault as fault:
        raise BadInput(str(fault), file=file) from fault
    top = Part(file, "", said).keys(["rules"], ["counters", "lists"])
    shared = {
        key: cast("Mapping[str, object]", _mapping(top, key)) for key in ("counters", "lists")
    }
    rules: dict[str, Rule] = {}
    for part in top["rules"].items(1, _MOST_RULES):
        rule = _rule(part, shared, file)
        if rule.rule_id in rules:
            raise part.fail(f"规则 {rule.rule_id} 重复", f"must not name {rule.rule_id} twice")
        rules[rule.rule_id] = rule
    return list(rules.values())


def read_document(document: Mapping[str, object]) -> Rule:
    """A rule as it is kept: its own part of a file with the counters and lists it uses."""
    file = "rule"
    part = Part(file, "", document)
    shared = {key: _mapping(part.mapping(), key) for key in ("counters", "lists")}
    own = {key: value for key, value in document.items() if key not in shared}
    return _rule(Part(file, "", own), shared, file)


def _mapping(said: Mapping[str, Part], key: str) -> dict[str, object]:
    return {} if key not in said else {k: v.value for k, v in said[key].mapping().items()}


def _used(part: Part, shared: Mapping[str, Mapping[str, object]]) -> dict[str, dict[str, object]]:
    """The counters and lists that a rule speaks of, those of its counters' conditions as well."""
    spoken = _texts(part.value)
    counters = {k: v for k, v in shared["counters"].items() if k in spoken}
    spoken |= _texts(counters)
    return {
        "counters": counters,
        "lists": {k: v for k, v in shared["lists"].items() if k in spoken},
    }


def _texts(value: object) -> set[str]:
    if isinstance(value, str):
        return {value}
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {text for one in parts for text in _texts(one)}


def _rule(part: Part, shared: Mapping[str, Mapping[str, object]], file: str) -> Rule:
    said = part.keys(
        ["id", "title", "event", "about", "reasons", "alert"], ["category", "when", "action", "act"]
    )
    kind = event_kinds()[said["event"].one_of(tuple(event_kinds()))]
    names = _names(kind, shared, file)
    alert = said["alert"].whole(1, MOST_POINTS)
    terms = tuple(_term(one, names) for one in said["reasons"].items(1, _MOST_TERMS))
    action = said["action"].whole(alert, MOST_POINTS) if "action" in said else None
    if ("act" in said) != ("action" in said):
        raise part.fail("action 与 act 应同时出现", "must have both action and act, or neither")
    _reachable(part, terms, action or alert)
    document = {**cast("dict[str, object]", part.value), **_used(part, shared)}
    return Rule(
        rule_id=said["id"].name(),
        version=_version(document),
        title=_words(said["title"]),
        category=said["category"].name() if "category" in said else None,
        on=kind.name,
        about=names.party(said["about"]),
        when=read_condition(said["when"], names) if "when" in said else None,
        terms=terms,
        alert=alert,
        action=action,
        act=_act(said["act"]) if "act" in said else None,
        document=document,
    )


def _version(document: Mapping[str, object]) -> str:
    content = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(content).hexdigest()[:16]


def _reachable(part: Part, terms: Sequence[Term], least: int) -> None:
    most = sum(term.most for term in terms)
    if most < least:
        raise part.fail(
            f"各项理由合计最多{most}分，达不到{least}分",
            f"must be able to reach {least} points: its reasons give at most {most}",
        )


def _names(kind: EventKind, shared: Mapping[str, Mapping[str, object]], file: str) -> Names:
    nodes, phrases = {}, {}
    for name, value in shared["lists"].items():
        part = Part(file, f"lists.{name}", value)
        if "phrases" in part.mapping():
            phrases[name] = _phrases(part)
        else:
            nodes[name] = _nodes(part, name)
    counters = {}
    for name, value in shared["counters"].items():
        part = Part(file, f"counters.{name}", value)
        on = part.keys(["event", "by", "what", "within"], ["of", "panes", "most", "where"])["event"]
        counted = event_kinds()[on.one_of(tuple(event_kinds()))]
        # What a counter counts depends on no other counter.
        counters[name] = _counter(part, Names(counted, {}, nodes, phrases))
    return Names(kind, counters, nodes, phrases)


def _phrases(part: Part) -> tuple[str, ...]:
    said = part.keys(["phrases"])["phrases"].items(1, _LONGEST_LIST)
    return tuple(sorted({one.text(100) for one in said}))


def _nodes(part: Part, name: str) -> NodeList:
    said = part.keys(["kind"], ["keys", "having"])
    kind = said["kind"].one_of(tuple(load_schema().nodes))
    if ("keys" in said) == ("having" in said):
        raise part.fail("keys 与 having 二选一", "must have either keys or having")
    if "having" in said:
        known = tuple(one.name for one in load_schema().nodes[kind].properties)
        return NodeList(kind, (), said["having"].one_of(known), name)
    keys = tuple(sorted({one.text(200) for one in said["keys"].items(1, _LONGEST_LIST)}))
    return NodeList(kind, keys, None, name)


def _counter(part: Part, names: Names) -> Counter:
    said = part.mapping()
    what = said["what"].one_of(("count", "sum", "distinct"))
    if ("of" in said) != (what != "count"):
        raise part.fail(
            "sum 与 distinct 需要 of，count 不需要", "must say `of` for sum and distinct"
        )
    allowed = names.kind.numbers if what == "sum" else names.kind.parties
    if "most" in said and what != "distinct":
        raise said["most"].fail("仅 distinct 有 most", "must be left out: only distinct has it")
    within = said["within"].span(LONGEST_WINDOW_DAYS)
    panes = said["panes"].whole(2, MOST_PANES) if "panes" in said else DEFAULT_PANES
    if within % panes:
        raise part.fail(f"时长不能等分为{panes}格", f"must divide its window into {panes} panes")
    most = said["most"].whole(2, LARGEST_MOST) if "most" in said else DEFAULT_MOST
    return Counter(
        on=names.kind.name,
        by=names.party(said["by"]),
        what=cast('Literal["count", "sum", "distinct"]', what),
        of=said["of"].one_of(tuple(allowed)) if "of" in said else None,
        within_ms=within,
        panes=panes,
        most=most if what == "distinct" else 0,
        where=read_condition(said["where"], names) if "where" in said else None,
    )


def _term(part: Part, names: Names) -> Term:
    said = part.keys(["reason"], ["if", "points", "measure", "bands"])
    reason = _words(said["reason"])
    if "if" in said and set(said) == {"reason", "if", "points"}:
        points = said["points"].whole(-MOST_POINTS, MOST_POINTS)
        return Term(reason, read_condition(said["if"], names), points, None, ())
    if "measure" not in said or set(said) != {"reason", "measure", "bands"}:
        raise part.fail(
            "应为 if 与 points，或 measure 与 bands",
            "must have `if` and `points`, or `measure` and `bands`",
        )
    bands = tuple(map(_band, said["bands"].items(1, _MOST_BANDS)))
    if [band.least for band in bands] != sorted({band.least for band in bands}):
        raise said["bands"].fail("分档应由低到高", "must be bands that begin ever higher")
    measure = read_measure(said["measure"], names)
    return Term(reason, None, 0, measure, bands)


def _band(part: Part) -> Band:
    said = part.keys(["from", "points"])
    return Band(said["from"].number(), said["points"].whole(-MOST_POINTS, MOST_POINTS))


def _act(part: Part) -> Act:
    said = part.keys(["rung", "cap"], ["emergency"])
    cap = said["cap"].keys(["actions", "within"])
    return Act(
        rung=said["rung"].name(),
        emergency="emergency" in said and said["emergency"].truth(),
        cap=Cap(cap["actions"].whole(1, 1_000_000), cap["within"].span(LONGEST_WINDOW_DAYS)),
    )


def _words(part: Part) -> Words:
    said = part.keys(["zh", "en"])
    return Words(said["zh"].text(), said["en"].text())
