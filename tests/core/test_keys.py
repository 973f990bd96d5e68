"""Identity numbers are compared by tokens and read with the ring that wrote them, or not at all."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrisk.core.errors import BadInput, ConfigError
from graphrisk.core.keys import Encryptor, KeyRing, decrypt

NUMBER = "35020619900101001X"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a ring lies."""
    return tmp_path / "below" / "keys.json"


def test_a_ring_is_made_once_and_for_its_owner_alone(file: Path) -> None:
    first = KeyRing.open(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert KeyRing.open(file).token("id", NUMBER) == first.token("id", NUMBER)
    assert KeyRing.open(file.with_name("other.json")).token("id", NUMBER) != first.token(
        "id", NUMBER
    )


def test_equal_values_have_equal_tokens_that_do_not_tell_them(file: Path) -> None:
    ring = KeyRing.open(file)
    assert ring.token("id", NUMBER) == ring.token("id", NUMBER)
    assert ring.token("id", NUMBER) != ring.token("passport", NUMBER)
    assert ring.token("id", NUMBER).startswith("id:1:")
    assert NUMBER not in ring.token("id", NUMBER)


@given(st.text())
def test_what_was_encrypted_can_be_read_again(value: str) -> None:
    ring = KeyRing.parse(_ring_text())
    encryptor = Encryptor(ring)
    first, second = encryptor.encrypt(value), encryptor.encrypt(value)
    assert first != second, "equal values must not show"
    assert decrypt(ring, first) == decrypt(ring, second) == value


def test_after_rotation_old_values_are_read_and_new_ones_say_the_new_version(file: Path) -> None:
    old = KeyRing.open(file)
    sealed, token = Encryptor(old).encrypt(NUMBER), old.token("id", NUMBER)
    KeyRing.write(file, old.rotated())
    new = KeyRing.open(file)
    assert decrypt(new, sealed) == NUMBER
    assert new.token("id", NUMBER).startswith("id:2:")
    assert new.token("id", NUMBER)[5:] != token[5:], "a version has keys of its own"
    with pytest.raises(ConfigError, match="lacks version 2"):
        decrypt(old, Encryptor(new).encrypt(NUMBER))


def test_a_changed_value_is_refused(file: Path) -> None:
    ring = KeyRing.open(file)
    sealed = Encryptor(ring).encrypt(NUMBER)
    for place in (10, 70, len(sealed) - 8):
        changed = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
        with pytest.raises(BadInput):
            decrypt(ring, changed)
    for nonsense in ("", "x", "????", sealed[:60]):
        with pytest.raises((BadInput, ConfigError)):
            decrypt(ring, nonsense)


def test_a_value_of_another_ring_is_refused(file: Path) -> None:
    other = KeyRing.open(file.with_name("other.json"))
    with pytest.raises(BadInput, match="not made with this key ring"):
        decrypt(KeyRing.open(file), Encryptor(other).encrypt(NUMBER))


def test_a_ring_is_known_by_its_mark_which_tells_no_key(file: Path) -> None:
    ring = KeyRing.open(file)
    assert KeyRing.open(file, ring.mark).token("id", NUMBER) == ring.token("id", NUMBER)
    rotated = ring.rotated()
    KeyRing.write(file, rotated)
    KeyRing.open(file, {**ring.mark, **rotated.mark})
    KeyRing.write(file, ring)
    with pytest.raises(ConfigError, match=r"keys\.json lacks version 2: .* GRAPHRISK_KEY_RING"):
        KeyRing.open(file, rotated.mark)
    KeyRing.write(file, KeyRing.open(file.with_name("other.json")))
    with pytest.raises(ConfigError, match=r"keys\.json has another version 1"):
        KeyRing.open(file, ring.mark)
    file.unlink()
    with pytest.raises(ConfigError, match=r"keys\.json is missing"):
        KeyRing.open(file, ring.mark)
    assert not file.exists(), "another one is not made in its place"


def test_a_ring_with_one_of_its_two_keys_changed_is_another(file: Path) -> None:
    mark = KeyRing.parse(_ring_text()).mark
    for name in ("token", "encrypting"):
        said = json.loads(_ring_text())
        said["keys"]["1"][name] = "QkFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
        KeyRing.write(file.parent.parent / "keys.json", KeyRing.parse(json.dumps(said)))
        with pytest.raises(ConfigError, match="another version 1"):
            KeyRing.open(file.parent.parent / "keys.json", mark)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"keys": {}}',
        '{"keys": {"1": {}}}',
        '{"keys": {"one": {"token": "AA==", "encrypting": "AA=="}}}',
        '{"keys": {"1": {"token": "AA==", "encrypting": "AA=="}}}',
        '{"keys": {"1": {"token": "!", "encrypting": "!"}}}',
    ],
)
def test_a_damaged_ring_is_a_clear_error(text: str) -> None:
    with pytest.raises(ConfigError, match="key"):
        KeyRing.parse(text)


def test_an_unreadable_ring_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        KeyRing.open(tmp_path)
    (tmp_path / "keys.json").touch()
    with pytest.raises(ConfigError, match=r"keys\.json cannot be read"):
        KeyRing.open(tmp_path / "keys.json")


def test_an_empty_token_key_is_refused() -> None:
    said = json.loads(_ring_text())
    said["keys"]["1"]["token"] = ""
    with pytest.raises(ConfigError, match="wrong length"):
        KeyRing.parse(json.dumps(said))


def test_a_version_is_a_number_from_one_on() -> None:
    for number in ("0", "-1", str(1 << 32)):
        with pytest.raises(ConfigError, match="from 1 on"):
            KeyRing.parse(_ring_text().replace('"1"', f'"{number}"'))


def _ring_text() -> str:
    key = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
    return json.dumps({"keys": {"1": {"token": key, "encrypting": key}}})
