"""Who sees what in clear."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.masking import mask, may_see
from graphrisk.access.model import EVERYTHING, Principal, Purpose, Scope
from graphrisk_schema.model import Sensitivity

CASE = Purpose("investigation", "A-7")
NO_CASE = Purpose("investigation")
VOLUNTEER = Principal("volunteer", frozenset({"volunteer"}), EVERYTHING)


@pytest.mark.parametrize(
    ("sensitivity", "principal", "purpose", "seen"),
    [
        (Sensitivity.OPEN, VOLUNTEER, NO_CASE, True),
        (Sensitivity.INTERNAL, VOLUNTEER, NO_CASE, True),
        (Sensitivity.PERSONAL, VOLUNTEER, CASE, False),
        (Sensitivity.PERSONAL, DEVELOPMENT, NO_CASE, False),
        (Sensitivity.PERSONAL, DEVELOPMENT, CASE, True),
        (Sensitivity.SECRET, DEVELOPMENT, CASE, False),
    ],
)
def test_personal_values_need_role_and_case_and_secrets_are_for_nobody(
    sensitivity: Sensitivity, principal: Principal, purpose: Purpose, seen: bool
) -> None:
    assert may_see(sensitivity, principal, purpose) is seen


@given(st.text(min_size=1, max_size=60))
def test_a_mask_hides_most_of_a_value(value: str) -> None:
    masked = mask(value)
    hidden = masked.count("*") - value.count("*")
    assert hidden >= 1 or "*" in value
    shown = [sign for sign in masked if sign != "*"]
    assert len(shown) <= 4


def test_a_scope_is_everything_only_with_the_empty_prefix() -> None:
    assert EVERYTHING.is_everything
    assert not Scope(("3502",)).is_everything
    assert not Scope(()).is_everything
