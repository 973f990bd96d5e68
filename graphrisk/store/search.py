"""The terms by which nodes are found: one definition for all engines.

A node matches a text when it has *all* terms of the text; an engine only stores and intersects
sets of terms. Texts are NFKC-normalised and case-folded and cut into runs:

- letters and digits: every three neighbouring characters, or the run itself when shorter, so that
  a number is found by any fragment of three or more digits;
- Chinese characters: each character and each two neighbours; then the pinyin: each syllable, the
  fragments of all syllables joined, and the initials of two and of three neighbours. A surname
  read in its own way (曾 zeng, 单 shan) is found by either reading.

What this cannot see: fragments of one or two letters inside a longer word; and a long fragment
matches whenever all its threes occur, which in numbers is hardly ever by chance.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_FRAGMENT = 3
_READINGS_KEPT = 50_000

#: Surnames whose reading differs from the usual one of the character.
_SURNAMES = {
    "单": "shan",
    "解": "xie",
    "仇": "qiu",
    "曾": "zeng",
    "查": "zha",
    "区": "ou",
    "朴": "piao",
    "盖": "ge",
    "任": "ren",
    "尉": "yu",
    "乐": "yue",
    "翟": "zhai",
    "缪": "miao",
    "员": "yun",
    "覃": "qin",
    "冼": "xian",
    "召": "shao",
    "繁": "po",
    "种": "chong",
    "秘": "bi",
    "折": "she",
    "洗": "xian",
}


def terms(text: str) -> list[str]:
    """Sorted terms under which a node with this text is indexed."""
    found: set[str] = set()
    for run in _runs(text):
        found |= _han_terms(run) if _is_han(run) else _fragments(run)
    return sorted(found)


def query_terms(text: str) -> list[str]:
    """Sorted terms that a node must have, all of them, to match; empty: nothing matches."""
    found: set[str] = set()
    for run in _runs(text):
        if not _is_han(run):
            found |= _fragments(run)
        elif len(run) == 1:
            found.add(run)
        else:
            found |= _neighbours(run, 2)
    return sorted(found)


def _runs(text: str) -> list[str]:
    return _RUNS.findall(unicodedata.normalize("NFKC", text).casefold())


def _is_han(run: str) -> bool:
    return re.match(f"[{_HAN}]", run) is not None


def _neighbours(run: str, length: int) -> set[str]:
    return {run[i : i + length] for i in range(len(run) - length + 1)}


def _fragments(run: str) -> set[str]:
    return {run} if len(run) <= _FRAGMENT else _neighbours(run, _FRAGMENT)


@lru_cache(maxsize=_READINGS_KEPT)
def _han_terms(run: str) -> frozenset[str]:
    found = {*run} | _neighbours(run, 2)
    usual = tuple(syllable(sign) for sign in run)
    readings = {usual, (_SURNAMES.get(run[0], usual[0]), *usual[1:])}
    for syllables in readings:
        initials = "".join(syllable[:1] for syllable in syllables)
        found |= {*syllables} | _fragments("".join(syllables))
        found |= _neighbours(initials, 2) | _neighbours(initials, 3)
    return frozenset(found - {""})


@lru_cache(maxsize=_READINGS_KEPT)
def syllable(sign: str) -> str:
    """Usual reading without tone; nothing for a character that the dictionary does not know."""
    from pypinyin import lazy_pinyin  # half a second to import: only when names are indexed

    return "".join(lazy_pinyin(sign, errors="ignore"))
