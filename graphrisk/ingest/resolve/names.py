"""Names of persons in one form to compare by signs, and in one to compare by sound.

Signs: compatibility forms, traditional and variant characters are the usual simplified ones
(OpenCC's tables), letters are small, spaces and dots are gone. Sound: pinyin without tones, the
syllables in alphabetical order, so that 王小明, 王晓鸣, "Xiaoming WANG" and 小明王 sound alike.
Cannot see: readings that depend on the word, dialects, and other romanisations (Wong, Huang).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

import pyarrow as pa

from graphrisk.store.search import syllable

_APART = re.compile(r"[\s·•・.,，'’-]+")
_LATIN = re.compile(r"[a-z]+")
_LONGEST_SYLLABLE = 6
_KEPT = 1 << 16


def by_sign(names: pa.Array[Any]) -> pa.Array[Any]:
    """Each name in its usual characters, without spaces; missing stays missing."""
    return _each(names, lambda name: _APART.sub("", name))


def by_sound(names: pa.Array[Any]) -> pa.Array[Any]:
    """The syllables of each name in alphabetical order; missing stays missing."""
    return _each(names, lambda name: " ".join(sorted(_syllables(name))))


def _each(names: pa.Array[Any], form: Callable[[str], str]) -> pa.Array[Any]:
    """The form of each name in usual characters; every distinct name is looked at once.

    All are converted in one call, ten times faster than one by one.
    """
    encoded = names.dictionary_encode()
    known = [unicodedata.normalize("NFKC", str(name)) for name in encoded.dictionary.to_pylist()]
    lines = "\n".join(" ".join(name.casefold().split()) for name in known)
    usual = _simplifier().convert(lines).split("\n") if known else []
    return pa.array(map(form, usual), pa.string()).take(encoded.indices)


@cache
def _simplifier() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


@lru_cache(maxsize=_KEPT)
def _syllables(name: str) -> tuple[str, ...]:
    found: list[str] = []
    for word in _APART.split(name):
        if _LATIN.fullmatch(word):
            found += _cut(word)
        else:
            found += [syllable(sign) or sign for sign in word]
    return tuple(found)


def _cut(word: str) -> list[str]:
    """A Latin word cut into pinyin syllables, the longest first; left whole when it is none."""
    found, start = [], 0
    while start < len(word):
        ends = range(min(len(word), start + _LONGEST_SYLLABLE), start, -1)
        end = next((end for end in ends if word[start:end] in _all_syllables()), None)
        if end is None:
            return [word]
        found.append(word[start:end])
        start = end
    return found


@cache
def _all_syllables() -> frozenset[str]:
    """Every syllable that a common character is read by."""
    common = (chr(code) for code in range(0x4E00, 0x9FA6))
    return frozenset(filter(None, map(syllable, common)))
