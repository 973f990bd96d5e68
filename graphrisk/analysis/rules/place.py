"""A value at a place of a rule file; what is wrong with it is told with file, place and value."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from graphrisk.core.errors import BadInput
from graphrisk_loaders.yaml_text import shown

_SPAN = re.compile(r"([1-9]\d{0,3}) (second|minute|hour|day)s?")
_MS = {"second": 1_000, "minute": 60_000, "hour": 3_600_000, "day": 86_400_000}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_LONGEST_TEXT = 500
_LARGEST = 2.0**53  # every whole number up to here is one float


@dataclass(frozen=True, slots=True)
class Part:
    """A value and where it stands."""

    file: str
    path: str  # keys and positions from the top, with points between
    value: object

    def fail(self, zh: str, en: str) -> BadInput:
        """The complaint about this value, in both languages."""
        reason = f"{en}, not {shown(self.value)} ({zh})"
        return BadInput(reason, file=self.file, column=self.path or None)

    def at(self, key: str | int, value: object) -> Part:
        """A value below this one."""
        return Part(self.file, f"{self.path}.{key}".lstrip("."), value)

    def keys(self, needed: Sequence[str], others: Sequence[str] = ()) -> dict[str, Part]:
        """What stands under each key: all that are needed, of the others those that are there."""
        said = self.mapping()
        known = (*needed, *others)
        for key, part in said.items():
            if key not in known:
                raise part.fail(f"此处只能有：{', '.join(known)}", f"only {', '.join(known)} here")
        for key in needed:
            if key not in said:
                raise self.fail(f"缺少 {key}", f"{key} is missing: it needs {', '.join(needed)}")
        return said

    def mapping(self) -> dict[str, Part]:
        """Keys and what stands under them."""
        if not isinstance(self.value, dict) or not all(isinstance(k, str) for k in self.value):
            raise self.fail("应为键值对", "must be keys with values")
        return {key: self.at(key, value) for key, value in self.value.items()}

    def items(self, least: int = 1, most: int = 1_000) -> list[Part]:
        """The parts of a list."""
        if not isinstance(self.value, list) or not least <= len(self.value) <= most:
            raise self.fail(f"应为{least}至{most}项的列表", f"must be a list of {least} to {most}")
        return [self.at(place, value) for place, value in enumerate(self.value)]

    def text(self, longest: int = _LONGEST_TEXT) -> str:
        """A text that is not empty."""
        if not isinstance(self.value, str) or not 0 < len(self.value) <= longest:
            raise self.fail(
                f"应为不超过{longest}字的文本", f"must be a text of at most {longest} characters"
            )
        if any(ord(sign) < 32 or "\ud800" <= sign <= "\udfff" for sign in self.value):
            raise self.fail("含控制字符", "must be a text without control signs")
        return self.value

    def name(self) -> str:
        """A name of our own making."""
        if not isinstance(self.value, str) or not _NAME.fullmatch(self.value):
            raise self.fail(
                "应为小写字母、数字、下划线组成的名称",
                "must be a name of small letters, digits and _, beginning with a letter",
            )
        return self.value

    def one_of(self, allowed: Sequence[str]) -> str:
        """One of some texts."""
        if not isinstance(self.value, str) or self.value not in allowed:
            told = ", ".join(allowed) or "-"
            raise self.fail(f"应为其中之一：{told}", f"must be one of {told}")
        return self.value

    def number(self) -> float:
        """A number that a float holds exactly, if it is whole."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.fail("应为数字", "must be a number")
        if not math.isfinite(self.value) or abs(self.value) > _LARGEST:
            raise self.fail("数字过大", "must be a number between -2^53 and 2^53")
        return float(self.value)

    def whole(self, least: int, most: int) -> int:
        """A whole number between two."""
        is_whole = isinstance(self.value, int) and not isinstance(self.value, bool)
        if not is_whole or not least <= self.number() <= most:
            raise self.fail(
                f"应为{least}至{most}的整数", f"must be a whole number from {least} to {most}"
            )
        return int(self.number())

    def truth(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self.fail("应为 true 或 false", "must be true or false")
        return self.value

    def span(self, longest_days: int) -> int:
        """Milliseconds of a length of time such as ``10 minutes``."""
        found = _SPAN.fullmatch(self.value) if isinstance(self.value, str) else None
        ms = 0 if found is None else int(found[1]) * _MS[found[2]]
        if not 0 < ms <= longest_days * _MS["day"]:
            raise self.fail(
                f"应为时长，如 10 minutes，最长{longest_days}天",
                f"must be a time like 10 minutes, at most {longest_days} days",
            )
        return ms
