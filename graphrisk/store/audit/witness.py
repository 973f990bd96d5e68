"""Has other parties sign the audit's checkpoints, so that who has the machine cannot rewrite it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, ConfigError, GraphRiskError
from graphrisk.core.files import private_folder, replace
from graphrisk.core.tlog.note import Verifier, read_checkpoint, read_verifier
from graphrisk.core.tlog.reader import LogReader
from graphrisk.core.tlog.witness import ask_witness
from graphrisk.store.audit.place import AuditPlace
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.outbox import emit

_SECONDS: Final = 10
_COSIGNS: Final = 4


@dataclass(frozen=True, slots=True)
class Witness:
    """Another party: its address, and the key with which it cosigns."""

    address: str
    verifier: Verifier


def read_witnesses(text: str) -> list[Witness]:
    """Witnesses from a setting: address and key of each, all parted by spaces.

    ``ConfigError`` for an odd number of words, another address than http, or no cosigning key.
    """
    words = text.split()
    if len(words) % 2:
        raise ConfigError("each witness of the audit is an address and a key, parted by a space")
    found = []
    for address, key in zip(words[::2], words[1::2], strict=True):
        try:
            verifier = read_verifier(key)
        except BadInput as error:
            raise ConfigError(f"the key of the witness at {address}: {error}") from error
        if not address.startswith(("http://", "https://")) or verifier.kind != _COSIGNS:
            raise ConfigError(f"{address} and its key are no witness: an http address, a cosigner")
        found.append(Witness(address, verifier))
    return found


def ask_all(
    place: AuditPlace, database: Database, clock: Clock, witnesses: Sequence[Witness]
) -> dict[str, str]:
    """Have each witness cosign the latest checkpoint that it has not; who did not, and why.

    What one signed is kept in ``witnesses``, a signed checkpoint each, for ``audit verify``. The
    first failure of a kind in a row is an event (``audit.alarm``).
    """
    files = place.files()
    if files.read("checkpoint") is None:
        return {}
    folder = place.folder / "witnesses"
    private_folder(folder)
    failed = {}
    for witness in witnesses:
        kept = folder / hashlib.sha256(str(witness.verifier).encode()).hexdigest()[:16]
        fault = _fault(place, clock, witness, kept)
        _tell(database, clock, witness, kept.with_suffix(".failing"), fault)
        if fault is not None:
            failed[witness.verifier.name] = str(fault)
    return failed


def _fault(place: AuditPlace, clock: Clock, witness: Witness, kept: Path) -> GraphRiskError | None:
    """Why the witness did not sign; what it signed is kept."""
    try:
        reader = LogReader(place.files().read, place.ring(clock).verifiers)
        known = read_checkpoint(kept.read_text("utf-8")).size if kept.exists() else 0
        if known == reader.checkpoint.size:
            return None
        line = ask_witness(
            witness.address, reader.note, witness.verifier, known, reader.consistency, _SECONDS
        )
    except GraphRiskError as error:
        return error
    replace(kept, f"{reader.note}{line}".encode())
    return None


def _tell(
    database: Database, clock: Clock, witness: Witness, mark: Path, fault: GraphRiskError | None
) -> None:
    if fault is None:
        mark.unlink(missing_ok=True)
        return
    if mark.exists() and mark.read_text("utf-8") == fault.code:
        return
    with database.session() as session:
        payload = {"code": fault.code}
        emit(session, "audit.alarm", witness.verifier.name, payload, clock.now_ms())
    replace(mark, fault.code.encode())
