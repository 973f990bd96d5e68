"""What YAML cannot mean is told in plain words, with key, line and value."""

from __future__ import annotations

import re
from datetime import date

import pytest

from graphrisk_loaders.yaml_text import YamlFault, read_yaml, shown

#: Words of Python and of its libraries that tell a person who writes YAML nothing.
_PYTHON = re.compile(r"Error|int\(\)|literal|datetime|None|True|string>")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a:\n  b: 2024-02-30", "a.b: line 2: '2024-02-30' looks like a date or a number"),
        ("a: 0b_", "a: line 1: '0b_' looks like a date or a number and is none: in quotes"),
        ("a: 2024-01-01 00:00:00+99:99", "a: line 1: '2024-01-01 00:00:00+99:99' looks"),
        ("a:\n- b: 1\n- b: 2024-13-01", "a.b: line 3: '2024-13-01' looks"),
        ("a: {2024-02-30: x}", "a: line 1: '2024-02-30' looks"),
        ("a: !!bool perhaps", "a: line 1: 'perhaps' looks"),
        ("a: !!timestamp soon", "a: line 1: 'soon' looks"),
        ("a: !!int ''", "a: line 1: '' looks"),
        ("a: !!map b", "not YAML: line 1: expected a mapping node, but found scalar"),
        ("a: " + "9" * 5000, "a: line 1: '9999999999"),
        ("a: {b: 1, c: 2, b: 3}", "a: line 1: b stands twice"),
        ("a: [", "not YAML: line 1: expected the node content, but found '<stream end>'"),
        ("a: *b", "not YAML: line 1: found undefined alias 'b'"),
        ("? [1]\n: 2", "not YAML: line 1: found unhashable key"),
        ("a: \x01", "not YAML: unacceptable character #x0001: special characters are not allowed"),
        ("a: " + "[" * 3000, "not YAML that can be read: it has too many levels"),
    ],
)
def test_a_fault_names_key_line_and_value_in_plain_words(text: str, told: str) -> None:
    with pytest.raises(YamlFault) as caught:
        read_yaml(text)
    assert str(caught.value).startswith(told)
    assert not _PYTHON.search(str(caught.value))
    assert len(str(caught.value)) < 200


def test_a_key_may_stand_beside_what_it_overrides() -> None:
    text = "base: &base {a: 1, b: 2}\nmine: {<<: *base, b: 3}"
    assert read_yaml(text) == {"base": {"a": 1, "b": 2}, "mine": {"a": 1, "b": 3}}
    with pytest.raises(YamlFault, match=r"^again: line 2: '2024-02-30'"):
        read_yaml("a: &a [*a]\nagain: 2024-02-30")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (7, "7"),
        (True, "true"),
        (None, "null"),
        (float("nan"), ".nan"),
        (float("-inf"), "-.inf"),
        (date(2024, 1, 1), "2024-01-01"),
        (b"a", "!!binary | YQ=="),
        ("x", "'x'"),
        ("张", "'张'"),
        ([True, "x", [1], {}], "[true, 'x', a list, keys with values]"),
        ({"a": 1}, "keys with values"),
        ("x" * 100, "'" + "x" * 59 + "…"),
    ],
)
def test_a_value_is_shown_as_yaml_writes_it(value: object, told: str) -> None:
    assert shown(value) == told


def test_a_number_that_python_itself_cannot_write_is_shown() -> None:
    assert shown(1 << 20_000) == "a number of very many digits"
    assert shown(read_yaml("0x" + "f" * 20_000)) == "a number of very many digits"
