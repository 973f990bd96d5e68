"""Opaque ids tell nothing and cannot be made up."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrisk.core.errors import BadInput, ConfigError
from graphrisk.core.ids import OpaqueIds, kept_secret, uuid7

IDS = OpaqueIds(b"a secret of the tests")


@given(st.sampled_from(["person", "phone"]), st.integers(0, 2**63 - 1))
def test_a_number_comes_back(prefix: str, number: int) -> None:
    assert IDS.decode(IDS.encode(prefix, number)) == (prefix, number)


def test_neighbours_kinds_and_secrets_do_not_show() -> None:
    texts = {IDS.encode("person", number)[-13:] for number in range(200)}
    texts |= {IDS.encode("phone", number)[-13:] for number in range(200)}
    texts |= {OpaqueIds(b"other").encode("person", number)[-13:] for number in range(200)}
    assert len(texts) == 600
    assert len({text[:3] for text in texts}) > 300, "ids cannot be counted through"


@pytest.mark.parametrize(
    "text", ["", "person", "person_", "person_0", "person_zzzzzzzzzzzzz", "person_" + "u" * 13]
)
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="not an id"):
        IDS.decode(text)


def test_a_secret_is_drawn_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    assert kept_secret(file) == kept_secret(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert kept_secret(tmp_path / "other") != kept_secret(file)


def test_a_secret_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "id-secret"
    for held in (b"", b"0123456789abcde"):
        file.write_bytes(held)
        with pytest.raises(ConfigError, match=f"id-secret holds {len(held)} bytes"):
            kept_secret(file)
        assert file.read_bytes() == held, "the backup may still fit what was handed out"
    file.write_bytes(b"0123456789abcdef")
    assert kept_secret(file) == b"0123456789abcdef"


def test_a_row_id_begins_with_its_time() -> None:
    earlier, later = uuid7(1_700_000_000_000), uuid7(1_700_000_000_001)
    assert earlier < later
    assert int(earlier.replace("-", "")[:12], 16) == 1_700_000_000_000
    assert (earlier[14], uuid7(0, b"\xff" * 10)) == ("7", "00000000-0000-7fff-bfff-ffffffffffff")
