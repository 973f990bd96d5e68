"""Keys, notes and proofs in files are read strictly, and as others write them."""

from __future__ import annotations

import base64
import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrisk.core.errors import BadInput, ConfigError, NotFound
from graphrisk.core.tlog.keyring import new_ring, read_public, read_ring
from graphrisk.core.tlog.note import Signer, open_checkpoint, open_note, read_verifier, unbase64
from graphrisk.core.tlog.proof import Proof, read_proof
from graphrisk.core.tlog.reader import LogReader
from tests.core.tlog.logs import RING, content, made

_FOREIGN = json.loads((Path(__file__).parent / "vectors/tessera.json").read_text(encoding="utf-8"))
_FILES = {path: base64.b64decode(text) for path, text in _FOREIGN["files"].items()}
_VKEY = read_verifier(_FOREIGN["vkey"])


@pytest.mark.parametrize("size", range(16))
def test_the_log_of_others_reads_under_each_of_its_16_checkpoints(size: int) -> None:
    reader = LogReader(_FILES.get, [_VKEY], _FILES[f"checkpoint.{size}"].decode())
    assert reader.checkpoint.size == size
    reader.check()
    words = "one two three four five six seven eit nain ten ileven twelf threeten fourten fivten"
    assert [reader.entry(n).decode() for n in range(size)] == words.split()[:size]
    for index in range(size):
        assert reader.proof(index).check(reader.entry(index), [_VKEY]) == reader.checkpoint
    for earlier in range(1, size + 1):
        reader.consistency(earlier)
    with pytest.raises(NotFound):
        reader.entry(size)


def test_a_changed_tile_or_entry_proves_nothing() -> None:
    for path in ("tile/0/000.p/15", "tile/entries/000.p/15"):
        changed = {**_FILES, path: _FILES[path][:-1] + b"?"}
        with pytest.raises(BadInput):
            LogReader(changed.get, [_VKEY]).proof(14)


@given(bit=st.integers(0))
def test_a_note_that_was_changed_in_one_bit_is_refused(bit: int) -> None:
    note = bytearray(_FILES["checkpoint"])
    bit %= 8 * len(note)
    note[bit // 8] ^= 1 << bit % 8
    with pytest.raises((BadInput, UnicodeDecodeError)):
        open_checkpoint(note.decode(), [_VKEY])


def test_base64_is_read_in_the_one_way_it_is_written() -> None:
    assert unbase64("AA==") == b"\0"
    for other in ("AB==", "AA=", "AA", "A A==", "AA==\n", "é"):
        with pytest.raises(BadInput):
            unbase64(other)


def test_signatures_of_strangers_are_passed_over_and_count_for_nothing() -> None:
    ours, stranger = (Signer(name, random.Random(name).randbytes(32)) for name in ("a/b", "c/d"))
    text = "a/b\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    note = stranger.sign(text)
    with pytest.raises(BadInput, match="no known key"):
        open_note(note, [ours.verifier])
    both = ours.sign(text) + note.rpartition("\n\n")[2]
    assert open_note(both, [ours.verifier])[1] == [ours.verifier]
    assert read_verifier(str(ours.verifier)) == ours.verifier
    with pytest.raises(BadInput):
        read_verifier(str(ours.verifier).replace("a/b", "a/c"))


def test_a_proof_goes_into_a_file_and_back(tmp_path: Path) -> None:
    files = made(tmp_path, [300])
    proof = LogReader(files.read, RING.verifiers).proof(299)
    text = str(Proof(proof.index, proof.path, proof.checkpoint, b"more"))
    assert text.startswith("c2sp.org/tlog-proof@v1\nextra bW9yZQ==\nindex 299\n")
    again = read_proof(text)
    assert again.check(content(299), RING.verifiers).size == 300
    assert read_proof(str(proof)) == proof
    for wrong in (text[:40], text.replace("index 299", "index 0299"), f"x{text}"):
        with pytest.raises(BadInput):
            read_proof(wrong).check(content(299), RING.verifiers)
    with pytest.raises(BadInput):
        again.check(content(298), RING.verifiers)


def test_a_ring_goes_into_a_file_and_back() -> None:
    ring = new_ring("log.test/ring", random.Random(1).randbytes, 5)
    ring = ring.rotated(random.Random(2).randbytes, 9)
    assert read_ring(bytes(ring)) == ring
    assert read_public(ring.note()) == ring.public
    with pytest.raises(BadInput):
        read_public(ring.note().replace(" 5 9\n", " 4 9\n"))
    for wrong in (
        b"",
        b"{}",
        b'{"origin": "x", "seeds": []}',
        b'{"origin": 1, "seeds": [["", 1]]}',
    ):
        with pytest.raises(ConfigError):
            read_ring(wrong)
    with pytest.raises(BadInput):
        new_ring("with space", random.Random(1).randbytes, 0)
