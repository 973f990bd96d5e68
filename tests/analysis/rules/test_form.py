# ruff: noqa: E501 - one fault a line, told whole
"""Rule files: what is read, and how clearly what cannot be is told."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from graphrisk.analysis.rules import form
from graphrisk.analysis.rules.form import read_document, read_file, read_rules
from graphrisk.analysis.rules.ladder import SHIPPED, Machine, read_ladder
from graphrisk.analysis.rules.model import Act, Cap
from graphrisk.analysis.rules.schema import json_schema
from graphrisk.core.errors import BadInput, ConfigError

SETS = sorted(Path(form.__file__).with_name("sets").glob("*.yaml"))
RULE = """
rules:
  - id: burst
    title: {zh: 频繁呼叫, en: Burst of calls}
    event: call
    about: caller
    when: {at_least: [{field: seconds}, 1]}
    reasons:
      - measure: {count: calls}
        bands: [{from: 5, points: 40}, {from: 20, points: 80}]
        reason: {zh: "{value}次", en: "{value} calls"}
    alert: 40
    action: 80
    act: {rung: warn, cap: {actions: 100, within: 1 day}}
counters:
  calls: {event: call, by: caller, what: count, within: 10 minutes}
  other: {event: call, by: callee, what: count, within: 1 hour}
lists:
  spare: {phrases: [甲]}
"""


def test_a_rule_is_kept_whole_and_read_again_the_same() -> None:
    (rule,) = read_rules(RULE, "burst.yaml")
    assert (rule.rule_id, rule.alert, rule.action) == ("burst", 40, 80)
    assert set(rule.document["counters"]) == {"calls"}  # type: ignore[call-overload]  # JSON
    assert rule.document["lists"] == {}
    assert read_document(rule.document) == rule


def test_a_version_changes_with_what_the_rule_says_and_with_nothing_else() -> None:
    (rule,) = read_rules(RULE, "burst.yaml")
    for old, new in (("points: 80", "points: 81"), ("10 minutes", "20 minutes"), ("频繁", "大量")):
        (other,) = read_rules(RULE.replace(old, new), "burst.yaml")
        assert other.version != rule.version
    for old, new in (("by: callee", "by: caller"), ("[甲]", "[乙]"), ("\n  calls", "\n\n  calls")):
        (same,) = read_rules(RULE.replace(old, new), "other.yaml")
        assert same.version == rule.version


@pytest.mark.parametrize(
    ("old", "new", "place", "en", "zh"),
    [
        ("event: call\n", "event: mail\n", "rules.0.event", "one of call, transfer, post, not 'mail'", "应为其中之一"),
        ("about: caller", "about: payer", "rules.0.about", "not 'payer'", "应为其中之一"),
        ("{field: seconds}", "{field: amount}", "rules.0.when.at_least.0.field", "not 'amount'", "应为"),
        ("{count: calls}", "{count: call}", "rules.0.reasons.0.measure.count", "must be one of calls", "应为"),
        ("{from: 20,", "{from: 5,", "rules.0.reasons.0.bands", "begin ever higher", "由低到高"),
        ("points: 80}", "points: 70}", "rules.0", "reach 80 points: its reasons give at most 70", "达不到80分"),
        ("10 minutes", "10 min", "counters.calls.within", "a time like 10 minutes", "应为时长"),
        ("10 minutes", "60 days", "counters.calls.within", "at most 31 days", "最长31天"),
        ("what: count, within: 10", "what: sum, within: 10", "counters.calls", "`of` for sum", "需要 of"),
        ("alert: 40", "alert: 0", "rules.0.alert", "whole number from 1 to 1000, not 0", "整数"),
        ("alert: 40", "alert: true", "rules.0.alert", "not true", "整数"),
        ("action: 80", "action: 30", "rules.0.action", "from 40 to 1000", "整数"),
        ("    action: 80\n", "", "rules.0", "both action and act", "同时出现"),
        ("{at_least: [", "{minimum: [", "rules.0.when", "must have one key of at_least", "应以其中一个键"),
        ("[{field: seconds}, 1]", "[1]", "rules.0.when.at_least", "a list of 2 to 2", "列表"),
        ("[{field: seconds}, 1]", "[{field: seconds}, .inf]", "rules.0.when.at_least.1", "between", "过大"),
        ("id: burst", "id: Burst!", "rules.0.id", "small letters", "小写字母"),
        ("id: burst", "id: burst\n    colour: red", "rules.0.colour", "only id, title", "此处只能有"),
        ("zh: 频繁呼叫, ", "", "rules.0.title", "zh is missing", "缺少 zh"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_file_place_and_value_in_two_languages(
    old: str, new: str, place: str, en: str, zh: str
) -> None:
    assert old in RULE
    with pytest.raises(BadInput) as refused:
        read_rules(RULE.replace(old, new, 1), "burst.yaml")
    told = str(refused.value)
    assert told.startswith(f"burst.yaml:{place}: "), told
    assert en in told
    assert zh in told
    with pytest.raises(jsonschema.ValidationError) if _seen_by_schema(en) else _nothing():
        jsonschema.validate(yaml.safe_load(RULE.replace(old, new, 1)), json_schema())


class _nothing:
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


def _seen_by_schema(en: str) -> bool:
    """What hangs on other parts of the file is beyond a schema."""
    beyond = (
        "'payer'",
        "'amount'",
        "one of calls",
        "higher",
        "reach",
        "from 40",
        "60 days",
        "between",
    )
    return not any(part in en for part in (*beyond, "at most 31", "`of`"))


def test_what_is_no_yaml_and_trees_too_deep_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"x\.yaml: not YAML: line 1"):
        read_rules("rules: [", "x.yaml")
    tree = "{field: seconds}"
    for _ in range(20):
        tree = f"{{sum: [{tree}, 1]}}"
    with pytest.raises(BadInput, match="12 levels deep"):
        read_rules(RULE.replace("{field: seconds}", tree), "x.yaml")
    with pytest.raises(BadInput, match="cannot be read"):
        read_file(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize("file", SETS, ids=lambda file: file.stem)
def test_shipped_sets_are_sound_by_reader_and_by_schema(file: Path) -> None:
    rules = read_file(file)
    jsonschema.validate(yaml.safe_load(file.read_text(encoding="utf-8")), json_schema())
    ladder = read_ladder(SHIPPED)
    for rule in rules:
        assert re.search(r"[\u4e00-\u9fff]", rule.title.zh)
        assert read_document(rule.document) == rule
        if rule.act is not None:
            ladder.check(rule.act)


def test_the_ladder_says_what_a_machine_may_do(tmp_path: Path) -> None:
    ladder, cap = read_ladder(tmp_path / "none"), Cap(1, 1_000)
    assert [*ladder.rungs] == ["inform", "warn", "call_back", "cut"]
    assert ladder.may_take(Act("warn", emergency=False, cap=cap))
    assert not ladder.may_take(Act("cut", emergency=False, cap=cap))
    assert ladder.may_take(Act("cut", emergency=True, cap=cap))
    assert ladder.rungs["cut"].then == "call_back"
    with pytest.raises(BadInput, match="inform, warn, call_back, cut, not 'arrest'"):
        ladder.check(Act("arrest", emergency=True, cap=cap))
    own = tmp_path / "ladder.yaml"
    own.write_text(SHIPPED.read_text().replace("machine: emergency", "machine: never"))
    assert not read_ladder(own).may_take(Act("cut", emergency=True, cap=cap))
    assert read_ladder(own).rungs["cut"].machine is Machine.NEVER
    own.write_text(SHIPPED.read_text().replace("machine: emergency", "machine: perhaps"))
    with pytest.raises(ConfigError, match=r"ladder\.yaml:rungs\.3\.machine: must be one of"):
        read_ladder(own)
    own.write_text(SHIPPED.read_text().replace("then: call_back", "then: cut"))
    with pytest.raises(ConfigError, match="ends by itself"):
        read_ladder(own)
