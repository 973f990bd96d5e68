"""Programs of others accept the audit: its log, a proof of an export, and a witness that signs."""

from __future__ import annotations

import base64
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graphrisk.core.errors import ConfigError
from graphrisk.core.tlog.merkle import leaf_hash
from graphrisk.core.tlog.note import Signer, Verifier, open_checkpoint
from graphrisk.store.audit.export import export
from graphrisk.store.audit.records import AuditFilter
from graphrisk.store.audit.verify import verify
from graphrisk.store.audit.witness import Witness, ask_all, read_witnesses
from graphrisk.store.operations import outbox
from graphrisk.store.operations.database import Database
from tests.acceptance.go import built
from tests.store.audit.office import Office

_SEED = bytes(range(32))
_KEY = Verifier("witness.test/w", Signer("x", _SEED).verifier.key, 4)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("go"))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    database = Database(f"sqlite:///{tmp_path / 'operations.db'}")
    database.migrate()
    office = Office(tmp_path, database)
    office.note("a", "b", "c")
    office.collect()
    yield office
    database.dispose()


@contextmanager
def _witness(program: Path, office: Office) -> Iterator[str]:
    seed = base64.b64encode(_SEED).decode()
    words = [str(program), "witness", "127.0.0.1:0", _vkey(office), seed]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.kill()


def _vkey(office: Office) -> str:
    return str(office.place.ring(office.clock).signer.verifier)


def _asked(office: Office, address: str) -> dict[str, str]:
    return ask_all(office.place, office.database, office.clock, [Witness(address, _KEY)])


def _alarms(office: Office) -> list[object]:
    with office.database.session() as session:
        outbox.relay(session)
    with office.database.reading() as session:
        events = outbox.read_after(session, 0, 99, "audit.alarm")
    return [event.payload["code"] for event in events]


def test_go_accepts_log_and_export(program: Path, office: Office, tmp_path: Path) -> None:
    done = subprocess.run(
        [program, "verify", office.place.log, _vkey(office)], capture_output=True, text=True
    )
    assert done.stdout.split()[:2] == ["accepted", "3"], done.stderr
    export(office.place, office.database, office.clock, AuditFilter(), tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as pack:
        pack.extractall(tmp_path / "out")
    proof, leaf = tmp_path / "out/proofs/1.tlog-proof", tmp_path / "out/entries/1"
    words = [str(program), "proof", str(proof), _vkey(office), leaf_hash(leaf.read_bytes()).hex()]
    assert subprocess.run(words, capture_output=True, text=True).stdout == "accepted 1\n"


def test_a_witness_signs_what_goes_on_and_its_refusal_is_an_alarm_once(
    program: Path, office: Office
) -> None:
    with _witness(program, office) as address:
        assert _asked(office, address) == {}
        (kept,) = (office.place.folder / "witnesses").iterdir()
        assert open_checkpoint(kept.read_text(), [_KEY]).size == 3
        office.note("d")
        office.collect()
        assert _asked(office, address) == {}
        signed = kept.read_text()
        assert open_checkpoint(signed, [_KEY]).size == 4
        assert verify(office.place, office.database, office.clock, [signed]).differences == []
    office.note("e")
    office.collect()
    assert _asked(office, "http://127.0.0.1:9").keys() == {"witness.test/w"}
    assert _asked(office, "http://127.0.0.1:9").keys() == {"witness.test/w"}
    assert _alarms(office) == ["STORE_UNAVAILABLE"]


def test_a_witness_catches_a_log_that_was_written_anew(
    program: Path, office: Office, tmp_path: Path
) -> None:
    with _witness(program, office) as address:
        assert _asked(office, address) == {}
        other = Office(tmp_path / "other", office.database)
        for file in (office.place.key, office.folder / "keys.json"):
            (other.folder / file.relative_to(office.folder)).write_bytes(file.read_bytes())
        other.note("x", "y", "z", "more")
        other.collect()
        assert "another history" in _asked(other, address)["witness.test/w"]
    assert _alarms(other) == ["CONFLICT"]


def test_a_setting_that_names_no_witness_is_refused() -> None:
    assert read_witnesses(f"https://w.test {_KEY}") == [Witness("https://w.test", _KEY)]
    plain = Verifier("witness.test/w", _KEY.key)
    for text in ("https://w.test", f"ftp://w.test {_KEY}", f"https://w.test {plain}", "http://w k"):
        with pytest.raises(ConfigError):
            read_witnesses(text)
