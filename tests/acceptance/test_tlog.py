"""Programs of others accept our logs, and refuse what was changed."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import BadInput, Conflict, Forbidden, NotFound, StoreUnavailable
from graphrisk.core.tlog.files import DiskFiles
from graphrisk.core.tlog.keyring import new_ring
from graphrisk.core.tlog.log import Entry, Log
from graphrisk.core.tlog.merkle import leaf_hash
from graphrisk.core.tlog.note import Signer, Verifier
from graphrisk.core.tlog.reader import LogReader
from graphrisk.core.tlog.witness import ask_witness
from tests.acceptance.go import built
from tests.core.tlog.logs import RING, Hasty, content, made

_VKEY = str(RING.signer.verifier)
_SEED = bytes(range(32))
_WITNESS = Verifier("witness.test/w", Signer("x", _SEED).verifier.key, 4)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("go"))


def _said(program: Path, *words: object) -> tuple[int, str]:
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_go_accepts_logs_of_all_sizes(program: Path, tmp_path: Path) -> None:
    files = Hasty(tmp_path)
    sizes = [0, 1, 255, 256, 257, 65_536, 70_000]
    for before, size in zip([0, *sizes], sizes, strict=False):
        with Log(files, RING, ManualClock(0)) as log:
            log.append([Entry("made", str(n), content(n)) for n in range(before, size)])
            log.integrate()
        code, told = _said(program, "verify", tmp_path, _VKEY)
        assert (code, told.split()[:2]) == (0, ["accepted", str(size)]), told
    level = tmp_path / "tile/0"
    assert sum(one.is_file() for one in level.iterdir()) == 273  # as C2SP counts them
    assert (level / "273.p/112").is_file()
    assert (tmp_path / "tile/1/001.p/17").is_file()
    assert (tmp_path / "tile/2/000.p/1").is_file()
    _check_refused(program, tmp_path)


def _check_refused(program: Path, place: Path) -> None:
    for path in ("checkpoint", "tile/0/272", "tile/1/000", "tile/entries/100"):
        file = place / path
        kept = file.read_bytes()
        file.write_bytes(kept[:40] + bytes([kept[40] ^ 1]) + kept[41:])
        assert _said(program, "verify", place, _VKEY)[0] == 1, path
        file.write_bytes(kept)


def test_go_accepts_our_proof_files(program: Path, tmp_path: Path) -> None:
    files = made(tmp_path / "log", [300])
    reader = LogReader(files.read, RING.verifiers)
    file = tmp_path / "one.tlog-proof"
    for index in (0, 255, 256, 299):
        file.write_text(str(reader.proof(index)), encoding="utf-8")
        leaf = leaf_hash(content(index)).hex()
        assert _said(program, "proof", file, _VKEY, leaf) == (0, f"accepted {index}\n")
        assert _said(program, "proof", file, _VKEY, leaf_hash(b"another").hex())[0] == 1


@pytest.fixture
def witness(program: Path) -> Iterator[str]:
    words = [str(program), "witness", "127.0.0.1:0", _VKEY, base64.b64encode(_SEED).decode()]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.kill()


def test_a_witness_cosigns_growth_and_refuses_the_rest(witness: str, tmp_path: Path) -> None:
    place = tmp_path / "log"

    def grown(size: int) -> LogReader:
        return LogReader(made(place, [size]).read, RING.verifiers)

    def asked(reader: LogReader, known: int, key: Verifier = _WITNESS) -> str:
        return ask_witness(witness, reader.note, key, known, reader.consistency)

    first = grown(40)
    assert asked(first, 0).startswith("\u2014 witness.test/w ")
    with Log(DiskFiles(place), RING, ManualClock(0)) as log:
        log.append([Entry("later", str(n), b"more") for n in range(60)])
        log.integrate()
    second = LogReader(DiskFiles(place).read, RING.verifiers)
    asked(second, 7)  # it knows better, and is asked once more
    with pytest.raises(Conflict, match="seen 100 entries"):
        asked(first, 0)
    fork = LogReader(made(tmp_path / "fork", [120]).read, RING.verifiers)
    with pytest.raises(Conflict, match="another history"):
        asked(fork, 100)
    with pytest.raises(BadInput, match="no cosignature"):
        asked(second, 100, Verifier("witness.test/w", RING.signer.verifier.key, 4))
    _check_strangers(witness, tmp_path)


def _check_strangers(witness: str, place: Path) -> None:
    stranger = new_ring("log.test/stranger", lambda count: b"s" * count, 0)
    forged = new_ring(RING.origin, lambda count: b"f" * count, 0)
    for ring, refusal in ((stranger, NotFound), (forged, Forbidden)):
        files = made(place / refusal.__name__, [3], ring)
        reader = LogReader(files.read, ring.verifiers)
        with pytest.raises(refusal):
            ask_witness(witness, reader.note, _WITNESS, 0, reader.consistency)
    with pytest.raises(StoreUnavailable):
        ask_witness("http://127.0.0.1:9", reader.note, _WITNESS, 0, reader.consistency, 1)
