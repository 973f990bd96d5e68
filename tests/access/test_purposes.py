"""Purposes and case numbers as somebody states them."""

from __future__ import annotations

import pytest

from graphrisk.access.model import Purpose
from graphrisk.access.purposes import PURPOSES, purpose_of
from graphrisk.core.errors import BadInput


def test_a_stated_purpose_and_case_are_taken_as_they_are() -> None:
    assert purpose_of("screening", "A-2026/7") == Purpose("screening", "A-2026/7")
    assert purpose_of("screening", "%E5%8F%B7") == Purpose("screening", "%E5%8F%B7")


def test_who_states_none_investigates_without_a_case() -> None:
    assert purpose_of(None, None) == purpose_of("", "") == Purpose("investigation")


@pytest.mark.parametrize("code", ["curiosity", "Screening", "screening ", "\x00"])
def test_an_unknown_purpose_is_refused_and_the_known_are_named(code: str) -> None:
    with pytest.raises(BadInput) as caught:
        purpose_of(code, None)
    assert all(known in str(caught.value) for known in PURPOSES)


@pytest.mark.parametrize("case", ["a b", "-1", "A" * 129, "A\n", "A\x00", "案", "A;DROP"])
def test_a_case_that_is_no_number_is_refused(case: str) -> None:
    with pytest.raises(BadInput):
        purpose_of("screening", case)


def test_every_purpose_has_words_in_both_languages() -> None:
    for chinese, english in PURPOSES.values():
        assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese)
        assert english.isascii()
