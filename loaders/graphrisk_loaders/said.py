"""A part of a mapping as YAML gave it, asked key by key; every complaint names file and place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graphrisk_loaders.conversions import CONTROLS
from graphrisk_loaders.yaml_text import shown

_SPAN = r"([1-9]\d{0,3}) (second|minute|hour|day)s?"
_UNFIT = re.compile(f"{CONTROLS}|[\ud800-\udfff]")
_IN_QUOTES = "in quotes it is one"
_MS = {"second": 1_000, "minute": 60_000, "hour": 3_600_000, "day": 86_400_000}


class MappingError(Exception):
    """A mapping says something that cannot be; names the file and the key."""


@dataclass(frozen=True)
class Said:
    """Keys and values at one place of a mapping file."""

    file: str
    place: str
    values: dict[str, object]

    @classmethod
    def of(cls, file: str, place: str, value: object, known: Sequence[str] | None) -> Said:
        """What stands at a place; it has only ``known`` keys, or any if that is ``None``."""
        if not isinstance(value, dict):
            where = f"{file}: {place}" if place else file
            raise MappingError(f"{where}: must be keys with values, not {shown(value)}")
        said = cls(file, place, value)
        for key in value:
            if not isinstance(key, str):
                raise said.fail("", f"a key must be a text, not {shown(key)}: {_IN_QUOTES}")
            if known is not None and key not in known:
                raise said.fail(key, f"no such key here; known are {', '.join(known)}")
        return said

    def fail(self, key: str, what: str) -> MappingError:
        """The complaint about a key."""
        where = ".".join(part for part in (self.place, key) if part)
        return MappingError(f"{self.file}: {where}: {what}")

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def text(self, key: str, otherwise: str | None = None) -> str:
        """A text that is not empty."""
        value = self.values.get(key, otherwise)
        if value is None:
            raise self.fail(key, "is missing")
        if not isinstance(value, str):
            hint = "" if isinstance(value, list | dict) else f": {_IN_QUOTES}"
            raise self.fail(key, f"must be a text, not {shown(value)}{hint}")
        if not (value or otherwise == ""):
            raise self.fail(key, "must be a text, not an empty one")
        return self.sound(key, value)

    def sound(self, key: str, value: str) -> str:
        """The text, which holds no sign that no value may hold."""
        if _UNFIT.search(value):
            raise self.fail(key, f"{shown(value)} holds a control sign")
        return value

    def one_of(self, key: str, allowed: Sequence[str], otherwise: str | None = None) -> str:
        """One of some texts."""
        value = self.text(key, otherwise)
        if value not in allowed:
            raise self.fail(key, f"{value!r} is none of {', '.join(allowed)}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, none of them empty."""
        value = self.values.get(key)
        if not isinstance(value, list) or not value:
            raise self.fail(key, f"must be a list of texts, not {shown(value)}")
        for one in value:
            if not isinstance(one, str) or not one:
                raise self.fail(key, f"must be a list of texts, and {shown(one)} is none")
        return tuple(self.sound(key, one) for one in value)

    def span(self, key: str) -> int | None:
        """Milliseconds of a length of time such as ``24 hours``; ``None`` when it is not there."""
        if key not in self:
            return None
        found = re.fullmatch(_SPAN, self.text(key))
        if found is None:
            raise self.fail(key, "must be a time like 24 hours or 7 days")
        return int(found[1]) * _MS[found[2]]

    def flag(self, key: str) -> bool:
        """True or false, false when it is not there."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.fail(key, f"must be true or false, not {shown(value)}")
        return value

    def part(self, key: str, known: Sequence[str] | None = None) -> Said:
        """The keys below a key."""
        if key not in self.values:
            raise self.fail(key, "is missing")
        return Said.of(self.file, f"{self.place}.{key}".strip("."), self.values[key], known)

    def parts(self, key: str, known: Sequence[str]) -> list[Said]:
        """A list of parts; their place is told by the kind they name."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self.fail(key, f"must be a list, not {shown(value)}")
        found = []
        for one in value:
            kind = one.get("kind", "?") if isinstance(one, dict) else "?"
            kind = kind if isinstance(kind, str) else shown(kind)
            found.append(Said.of(self.file, f"{key}.{kind}", one, known))
        return found
