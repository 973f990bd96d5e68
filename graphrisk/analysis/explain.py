"""Why, in plain words: the sentence of each reason in Chinese and English."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import cast

import yaml

from graphrisk.analysis.model import Finding, Reason
from graphrisk.core.errors import BadInput, ConfigError
from graphrisk.core.money import yuan

Value = int | float | str
_Texts = Mapping[str, Mapping[str, str]]

_FIELD = re.compile(r"{(\w+):(\w+)}")
_NAMES_SHOWN = 20  # of one role; the rest is counted


@cache
def _vocabulary() -> Mapping[str, _Texts]:
    text = files("graphrisk.analysis").joinpath("reasons.yaml").read_text(encoding="utf-8")
    return cast("Mapping[str, _Texts]", yaml.safe_load(text))


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

    >>> values = {"passed": 3, "transfers": 4, "usual": 0.021}
    >>> sentence(Reason("passes_on", 0.5, values), "en")
    '3 of 4 transfers received were soon passed on almost in full; usual in the city: 2.1 %'
    """
    templates = _vocabulary()["reasons"]
    if reason.code not in templates:
        raise ConfigError(f"no sentence for reason {reason.code!r} in reasons.yaml")
    return _filled(_in(templates[reason.code], language), reason.values, language)


def explain(finding: Finding, captions: Mapping[int, str], language: str) -> str:
    """The whole finding as text: heading, reasons with their share of the score, members by role.

    Args:
        finding: What to explain.
        captions: What to call a member, by nid (masked by the caller); its number where missing.
        language: ``zh`` or ``en``; ``BadInput`` for another.
    """
    values: dict[str, Value] = {
        "kind": finding.kind,
        "finding": finding.finding_id,
        "score": finding.score,
        "members": len(finding.members),
        "evidence": len(finding.evidence),
    }
    lines = [_text("heading", values, language), "", _text("why", values, language)]
    lines += [
        f"  {number}. {sentence(reason, language)} (+{reason.contribution:.2f})"
        for number, reason in enumerate(finding.reasons, start=1)
    ]
    lines += ["", _text("who", values, language), *_members(finding, captions, language)]
    return "\n".join([*lines, "", _text("evidence", values, language)])


def _members(finding: Finding, captions: Mapping[int, str], language: str) -> list[str]:
    by_role: defaultdict[str, list[str]] = defaultdict(list)
    for member in finding.members:
        by_role[member.role].append(captions.get(member.nid, f"{member.kind} {member.nid}"))
    lines = []
    for role in sorted(by_role):
        shown = by_role[role][:_NAMES_SHOWN]
        hidden = len(by_role[role]) - len(shown)
        names = ", ".join([*shown, *([f"+{hidden}"] if hidden else [])])
        lines.append(f"  {role_name(role, language)} ({len(by_role[role])}): {names}")
    return lines


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
        return _UNITS[field[2]](values[field[1]], language)

    return _FIELD.sub(fill, template)


def _hours(value: Value, language: str) -> str:
    return f"{float(value):g}小时" if language == "zh" else f"{float(value):g} hours"


_UNITS: Mapping[str, Callable[[Value, str], str]] = {
    "money": lambda value, _: yuan(int(value)),
    "percent": lambda value, _: f"{100 * float(value):.3g} %",
    "hours": _hours,
    "count": lambda value, _: str(value),
    "text": lambda value, _: str(value),
    "score": lambda value, _: f"{float(value):.2f}",
    "kind": lambda value, language: kind_name(str(value), language),
    "role": lambda value, language: role_name(str(value), language),
}
