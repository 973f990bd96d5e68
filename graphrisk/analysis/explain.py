"""Why, in plain words: the sentence of each reason in Chinese and English."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, cast

import yaml

from graphrisk.analysis.counterfactual import Counterfactual
from graphrisk.analysis.model import Community, Finding, Reason
from graphrisk.analysis.proof import Proof
from graphrisk.core.errors import BadInput, ConfigError
from graphrisk.core.money import yuan
from graphrisk_algorithms.communities.roles import Part
from graphrisk_schema.reader import load_schema

Value = int | float | str
_Vocabulary = Mapping[str, Any]

_FIELD = re.compile(r"{(\w+):(\w+)}")
_NAMES_SHOWN = 12  # of one role and kind; the rest is counted
_DAYS_FROM = 72  # hours; longer spans are told in days
_SHANGHAI = timezone(timedelta(hours=8))


@cache
def _vocabulary() -> _Vocabulary:
    text = files("graphrisk.analysis").joinpath("reasons.yaml").read_text(encoding="utf-8")
    return cast("_Vocabulary", yaml.safe_load(text))


def reason_codes() -> frozenset[str]:
    """All codes that have a sentence."""
    return frozenset(_vocabulary()["reasons"])


def finding_kinds() -> tuple[str, ...]:
    """All kinds of findings that have a name."""
    return tuple(_vocabulary()["kinds"])


def kind_name(kind: str, language: str) -> str:
    """Readable name of a finding kind; the code itself where the vocabulary has none."""
    return _name("kinds", kind, language)


def role_name(role: str, language: str) -> str:
    """Readable name of a role; the code itself where the vocabulary has none."""
    return _name("roles", role, language)


def sentence(reason: Reason, language: str) -> str:
    """The reason as one sentence without a full stop, in ``zh`` or ``en``.

    Raises:
        BadInput: Another language.
        ConfigError: A code without a sentence.

    >>> values = {"payers": 3, "transfers": 4, "amount": 50_000}
    >>> sentence(Reason("equal_sums", 0.5, values), "en")
    '3 accounts paid in the very same sum of 500.00 yuan, 4 times in all'
    """
    templates = _vocabulary()["reasons"]
    if reason.code not in templates:
        raise ConfigError(f"no sentence for reason {reason.code!r} in reasons.yaml")
    return _filled(_in(templates[reason.code], language), reason.values, language)


def explain(
    finding: Finding,
    captions: Mapping[int, str],
    evidence: Sequence[Proof],
    language: str,
    parts: Mapping[int, Part] = MappingProxyType({}),
) -> str:
    """The whole finding as text: what it is, why, who, on which evidence, and what to doubt.

    Args:
        finding: What to explain.
        captions: What to call a member, by nid (masked by the caller); its number where missing.
        evidence: What the finding rests on, see ``proofs``.
        parts: Who pays, passes on and collects, by nid, see ``money_parts``.
        language: ``zh`` or ``en``; ``BadInput`` for another.
    """
    values: dict[str, Value] = {
        "kind": finding.kind,
        "finding": finding.finding_id,
        "score": finding.score,
        "members": len(finding.members),
        "evidence": len(finding.evidence),
    }
    sections = {
        "why": [
            f"{number}. {sentence(reason, language)} ({reason.contribution:.2f})"
            for number, reason in enumerate(finding.reasons, start=1)
        ],
        "who": _members(finding, captions, language),
        "parts": _parts(finding, captions, parts, language),
        "evidence": [_told(proof, language) for proof in evidence],
        "doubts": [f"- {doubt}" for doubt in doubts(finding.kind, language)],
    }
    lines = [_text("heading", values, language), _text("meaning", values, language)]
    if finding.community is not None:
        lines.append(community_sentence(finding.community, len(finding.members), language))
    for name, told in sections.items():
        if told:
            lines += ["", _text(name, values, language), *(f"  {line}" for line in told)]
    return "\n".join(lines)


def community_sentence(community: Community, members: int, language: str) -> str:
    """In which community a finding of so many members lies, and what may be built on that."""
    values: dict[str, Value] = {
        "community": community.community_id,
        "size": community.size,
        "inside": community.members,
        "members": members,
        "stability": community.stability,
    }
    told = "community" if community.is_reliable else "loose_community"
    return _text(told, values, language)


def otherwise(
    finding: Finding,
    found: Counterfactual | None,
    removed: Sequence[Proof],
    below: float,
    language: str,
) -> str:
    """What would have to be untrue for the finding to fall, as text.

    Args:
        finding: What was explained.
        found: The counterfactual that held when it was applied; ``None``: none did.
        removed: What its edges are, see ``proofs``.
        below: The score that was to fall below.
        language: ``zh`` or ``en``; ``BadInput`` for another.
    """
    head = _text("otherwise", {}, language)
    if found is None:
        return f"{head}\n  {_text('stands', {'below': below}, language)}"
    values: dict[str, Value] = {
        "count": len(found.evidence),
        "evidence": len(finding.evidence),
        "score": found.score,
    }
    told = [_text("falls", values, language), *(_told(proof, language) for proof in removed)]
    return "\n  ".join([head, *told])


def doubts(kind: str, language: str) -> list[str]:
    """What may be an honest explanation of such a finding, and what to check first."""
    return [_in(told, language) for told in _vocabulary()["doubts"].get(kind, ())]


def _members(finding: Finding, captions: Mapping[int, str], language: str) -> list[str]:
    """A line for each role and kind of node, in the vocabulary's order of roles."""
    alike: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for member in finding.members:
        caption = captions.get(member.nid, f"{member.kind} {member.nid}")
        alike[member.role, member.kind].append(caption)
    told = [*_vocabulary()["roles"], *sorted({role for role, _ in alike})]
    lines = []
    for role, kind in sorted(alike, key=lambda one: (told.index(one[0]), one[1])):
        names = alike[role, kind]
        name = f"{role_name(role, language)} · {_label('node', kind, language)}"
        lines.append(f"{name} ({len(names)}): {_shown(names)}")
    return lines


def _parts(
    finding: Finding, captions: Mapping[int, str], parts: Mapping[int, Part], language: str
) -> list[str]:
    """A line for each part that somebody plays, in the order in which money goes."""
    lines = []
    for part in _vocabulary()["parts"]:
        names = [
            captions.get(member.nid, f"{member.kind} {member.nid}")
            for member in finding.members
            if parts.get(member.nid) == part
        ]
        if names:
            lines.append(f"{_name('parts', part, language)} ({len(names)}): {_shown(names)}")
    return lines


def _shown(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    hidden = len(names) - _NAMES_SHOWN
    return ", ".join([*names[:_NAMES_SHOWN], *([f"+{hidden}"] if hidden > 0 else [])])


def _told(proof: Proof, language: str) -> str:
    values: dict[str, Value] = {"edge": proof.edge, "count": proof.count}
    text = _text("proof", values, language)
    if proof.first is not None and proof.last is not None:
        text += _text("period", {"first": proof.first, "last": proof.last}, language)
    if proof.fen is not None:
        text += _text("sum", {"fen": proof.fen}, language)
    return text


def _text(name: str, values: Mapping[str, Value], language: str) -> str:
    return _filled(_in(_vocabulary()["texts"][name], language), values, language)


def _name(group: str, code: str, language: str) -> str:
    found = _vocabulary()[group].get(code)
    return code if found is None else _in(found, language)


def _in(texts: Mapping[str, str], language: str) -> str:
    if language not in texts:
        raise BadInput(f"language is zh or en, not {language!r}")
    return texts[language]


def _filled(template: str, values: Mapping[str, Value], language: str) -> str:
    def fill(field: re.Match[str]) -> str:
        # A finding of an earlier release may lack what a sentence of this one tells.
        value = values.get(field[1])
        return "…" if value is None else _UNITS[field[2]](value, language)

    return _FIELD.sub(fill, template)


def _hours(value: Value, language: str) -> str:
    hours = float(value)
    if hours >= _DAYS_FROM:
        return _days(hours / 24, language)
    return f"{hours:.3g}小时" if language == "zh" else f"{hours:.3g} hours"


def _days(value: Value, language: str) -> str:
    return f"{float(value):.2g}天" if language == "zh" else f"{float(value):.2g} days"


def _date(value: Value, _language: str) -> str:
    return datetime.fromtimestamp(int(value) / 1000, tz=_SHANGHAI).date().isoformat()


def _label(group: str, kind: str, language: str) -> str:
    """Readable name of a node or edge kind of the graph."""
    schema = load_schema()
    described = schema.nodes[kind] if group == "node" else schema.edges[kind]
    return described.label_zh if language == "zh" else described.label_en


_UNITS: Mapping[str, Callable[[Value, str], str]] = {
    "money": lambda value, _: yuan(int(value)),
    "percent": lambda value, _: f"{100 * float(value):.3g} %",
    "hours": _hours,
    "days": _days,
    "date": _date,
    "count": lambda value, _: f"{float(value):,.12g}",
    "text": lambda value, _: str(value),
    "score": lambda value, _: f"{float(value):.2f}",
    "kind": lambda value, language: kind_name(str(value), language),
    "role": lambda value, language: role_name(str(value), language),
    "edge": lambda value, language: _label("edge", str(value), language),
}
