"""What a notice may hold, how it reads, and how long to wait: pure decisions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

import yaml

from graphrisk.centre.notices.model import Field, FieldKind, NoticeState, Template, Value, Words
from graphrisk.core.errors import BadInput, ConfigError

LANGUAGES: Final = ("zh", "en")
#: Waiting time after a failure: doubled with each, up to the longest; given up after the last.
BACK_OFF_MS: Final = 30_000
LONGEST_BACK_OFF_MS: Final = 3_600_000
MOST_ATTEMPTS: Final = 12
_ZONE: Final = ZoneInfo("Asia/Shanghai")
_RECIPIENT: Final = re.compile(r"(person|unit|role):[^\s:]{1,100}")
_LONGEST_TEXT: Final = 2_000
#: Values that name nobody. An id holds a letter, so no telephone or identity number passes for one.
_FORMS: Final = {
    FieldKind.ID: re.compile(
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
        r"|(?=.*[A-Za-z_])(?!\d{14,17}[0-9Xx]$)[0-9A-Za-z_-]{1,64}",
        re.ASCII,
    ),
    FieldKind.WORD: re.compile(r"[a-z][a-z_]{0,39}", re.ASCII),
    FieldKind.AREA: re.compile(r"\d{2}(\d{2}){0,2}|\d{9}|\d{12}[0-9A-Za-z-]{0,20}", re.ASCII),
}
_MOST_NUMBER: Final = 10**6
_RANK: Final = {
    NoticeState.WAITING: 0,
    NoticeState.DEAD: 1,
    NoticeState.SENT: 2,
    NoticeState.REFUSED: 3,
    NoticeState.DELIVERED: 4,
    NoticeState.READ: 5,
}
RECEIPTS: Final = (
    NoticeState.SENT,
    NoticeState.DELIVERED,
    NoticeState.READ,
    NoticeState.REFUSED,
)


@cache
def templates() -> Mapping[str, Template]:
    """The templates of this release by name (``templates.yaml``)."""
    text = files("graphrisk.centre.notices").joinpath("templates.yaml").read_text("utf-8")
    return read_templates(text)


def read_templates(text: str) -> Mapping[str, Template]:
    """Templates from their YAML; ``ConfigError`` when one says what it does not declare."""
    said = cast("dict[str, dict[str, Any]]", yaml.safe_load(text))
    return MappingProxyType({name: _template(name, one) for name, one in said.items()})


def is_recipient(said: str) -> bool:
    """Whether a notice can be addressed so."""
    return _RECIPIENT.fullmatch(said) is not None


def check(template: Template, recipient: str, values: Mapping[str, Value]) -> None:
    """``BadInput`` unless the values are exactly those declared, each of its kind."""
    if not is_recipient(recipient):
        raise BadInput("a recipient is person:NAME, unit:NAME or role:NAME")
    if values.keys() != template.fields.keys():
        raise BadInput(f"{template.name} takes {', '.join(template.fields)}, nothing else")
    for name, field in template.fields.items():
        if not _fits(field.kind, values[name]):
            raise BadInput(f"{name} of {template.name} is no {field.kind.value}")


def rendered(template: Template, language: str, values: Mapping[str, Value]) -> Words:
    """The notice in a language; times by Shanghai's clock."""
    shown = {name: _shown(template.fields[name].kind, value) for name, value in values.items()}
    words = template.words[language]
    return Words(words.subject, _HOLE.sub(lambda hole: shown[hole[1]], words.body))


def pause(attempts: int) -> int:
    """How long to wait after so many failed attempts, ms."""
    return min(BACK_OFF_MS << min(attempts - 1, 16), LONGEST_BACK_OFF_MS)


def later(held: NoticeState, said: NoticeState) -> NoticeState:
    """Which of two words on a notice counts: read above delivered, these above refused and sent.

    >>> later(NoticeState.READ, NoticeState.DELIVERED).value
    'read'
    """
    return max(held, said, key=_RANK.__getitem__)


_HOLE: Final = re.compile(r"\{([a-z_]+)\}")


def _fits(kind: FieldKind, value: Value) -> bool:
    if isinstance(value, bool):
        return False
    if kind in (FieldKind.NUMBER, FieldKind.TIME):
        most = _MOST_NUMBER if kind is FieldKind.NUMBER else 2**47
        return isinstance(value, int) and 0 <= value <= most
    if not isinstance(value, str):
        return False
    if kind is FieldKind.TEXT:
        return bool(value.strip()) and len(value) <= _LONGEST_TEXT
    return bool(_FORMS[kind].fullmatch(value))


def _shown(kind: FieldKind, value: Value) -> str:
    if kind is FieldKind.TIME:
        assert isinstance(value, int)
        return f"{datetime.fromtimestamp(value / 1_000, _ZONE):%Y-%m-%d %H:%M}"
    return str(value)


def _template(name: str, said: Mapping[str, Any]) -> Template:
    fields = {
        key: Field(FieldKind(one["kind"]), bool(one.get("personal", False)))
        for key, one in said["fields"].items()
    }
    words = {language: Words(**said[language]) for language in LANGUAGES}
    for key, field in fields.items():
        if field.kind is FieldKind.TEXT and not field.is_personal:
            raise ConfigError(f"template {name}: {key} is a text, which may be personal: say so")
    for one in words.values():
        if set(_HOLE.findall(one.body)) != fields.keys() or _HOLE.search(one.subject):
            raise ConfigError(f"template {name}: its words use each field, in the body alone")
    return Template(name, said["version"], fields, words)
