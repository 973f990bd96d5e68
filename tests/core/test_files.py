"""What a deployment draws once is one thing, however many processes start at the same moment."""

from __future__ import annotations

import stat
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from graphrisk.core.errors import ConfigError
from graphrisk.core.files import made_once, replace
from graphrisk.core.ids import kept_secret
from graphrisk.core.keys import KeyRing

PROCESSES = 3
ROUNDS = 100


def _secret(file: Path) -> bytes:
    return kept_secret(file)


def _token(file: Path) -> bytes:
    return KeyRing.open(file).token("id", "35020619900101001X").encode()


def _starter(kept: Callable[[Path], bytes], number: int, folder: Path, barrier: Barrier) -> None:
    """One process of several: opens what each round keeps, and notes what it got."""
    for turn in range(ROUNDS):
        barrier.wait(60)
        try:
            got = kept(folder / str(turn) / "kept")
        except Exception as error:  # noqa: BLE001 - told to the test
            got = repr(error).encode()
        (folder / f"{turn}.{number}").write_bytes(got)


@pytest.mark.parametrize("kept", [_secret, _token])
def test_processes_that_start_together_have_one_secret(
    kept: Callable[[Path], bytes], tmp_path: Path
) -> None:
    context = get_context("spawn")
    barrier = context.Barrier(PROCESSES)
    starters = [
        context.Process(target=_starter, args=(kept, number, tmp_path, barrier))
        for number in range(PROCESSES)
    ]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join(300)
    for turn in range(ROUNDS):
        got = {(tmp_path / f"{turn}.{number}").read_bytes() for number in range(PROCESSES)}
        assert got == {kept(tmp_path / str(turn) / "kept")}
        assert [entry.name for entry in (tmp_path / str(turn)).iterdir()] == ["kept"]


def test_who_comes_second_reads_what_the_first_made(tmp_path: Path) -> None:
    file = tmp_path / "below" / "kept"

    def slow() -> bytes:
        made_once(file, lambda: b"first")  # another process is faster
        return b"second"

    assert made_once(file, slow) == b"first"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_is_replaced_whole_and_stays_its_owners(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    made_once(file, lambda: b"one")
    old = file.open("rb")
    replace(file, b"another")
    with old:
        assert old.read() == b"one", "who reads meanwhile reads the old one whole"
    assert file.read_bytes() == b"another"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["kept"]


def test_a_place_that_takes_no_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"file/kept cannot be made: "):
        made_once(tmp_path / "file" / "kept", lambda: b"x")
