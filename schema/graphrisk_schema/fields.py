"""The fields of a YAML document, taken one by one; what is wrong is told with its place."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TypeVar

Choice = TypeVar("Choice", bound=StrEnum)


class Fields:
    """A mapping of a document. ``ValueError`` names file, place inside it and fault."""

    def __init__(self, place: str, content: object) -> None:
        self._place = place
        if not isinstance(content, dict) or not all(isinstance(name, str) for name in content):
            raise self.wrong("names with values expected")
        self._content: dict[str, object] = content
        self._taken: set[str] = set()

    def wrong(self, fault: str) -> ValueError:
        """The error to raise about this mapping."""
        return ValueError(f"{self._place}: {fault}")

    def names(self) -> list[str]:
        """All names, in the order of the document."""
        return list(self._content)

    def text(self, name: str, form: re.Pattern[str] | None = None) -> str:
        """A text that must be there."""
        value = self._take(name)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f"{name} is missing or no text")
        if form is not None and not form.fullmatch(value):
            raise self.wrong(f"{name} {value!r} has not the form {form.pattern}")
        return value

    def optional(self, name: str) -> str | None:
        """A text that may be missing."""
        return self.text(name) if name in self._content else None

    def texts(self, name: str, form: re.Pattern[str] | None = None) -> tuple[str, ...]:
        """A list of at least one text."""
        values = self._take(name)
        if not isinstance(values, list) or not values:
            raise self.wrong(f"{name} is missing or no list")
        entries = {str(place): value for place, value in enumerate(values)}
        listed = Fields(f"{self._place}: {name}", entries)
        return tuple(listed.text(place, form) for place in entries)

    def flag(self, name: str, *, default: bool) -> bool:
        """True or false."""
        value = self._take(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.wrong(f"{name} is neither true nor false")
        return value

    def choice(self, name: str, among: type[Choice], default: Choice | None = None) -> Choice:
        """One of the words of ``among``."""
        value = self._take(name)
        if value is None and default is not None:
            return default
        if value not in [str(word) for word in among]:
            raise self.wrong(f"{name} {value!r} is not one of {', '.join(among)}")
        return among(str(value))

    def part(self, name: str) -> Fields:
        """A mapping inside this one that must be there."""
        return Fields(f"{self._place}: {name}", self._take(name))

    def no_others(self) -> None:
        """Complain about names that nobody asked for: misspelt ones would be lost in silence."""
        others = [name for name in self._content if name not in self._taken]
        if others:
            raise self.wrong(f"unknown {', '.join(others)}")

    def _take(self, name: str) -> object:
        self._taken.add(name)
        return self._content.get(name)
