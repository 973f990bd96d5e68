"""Where the audit lies: spool, log and the key that signs it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from graphrisk.core import keys
from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, ConfigError
from graphrisk.core.files import made_once, replace
from graphrisk.core.tlog.files import DiskFiles
from graphrisk.core.tlog.keyring import KeyRing, new_ring, read_ring
from graphrisk.core.tlog.log import Log
from graphrisk.settings import Settings
from graphrisk.store.audit.spool import SPOOL

_NAME_BYTES = 8


@dataclass(frozen=True, slots=True)
class AuditPlace:
    """The audit's folder, and the key ring under which the log's key is kept."""

    folder: Path
    key_ring: Path

    @property
    def spool(self) -> Path:
        """Records that are durable and not yet in the log, a file or more a process."""
        return self.folder / SPOOL

    @property
    def log(self) -> Path:
        """The log's files."""
        return self.folder / "log"

    @property
    def key(self) -> Path:
        """The log's key, encrypted under the key ring."""
        return self.folder / "log-key"

    @property
    def is_collected(self) -> bool:
        """Whether the spool is empty."""
        return not self.spool.exists() or next(self.spool.iterdir(), None) is None

    @property
    def waiting(self) -> int:
        """How many files of records have not come into the log yet."""
        return sum(1 for _ in self.spool.iterdir()) if self.spool.exists() else 0

    def files(self) -> DiskFiles:
        """The log's files, to be read or written."""
        return DiskFiles(self.log)

    def ring(self, clock: Clock) -> KeyRing:
        """The log's keys, drawn when there is neither a key nor a log.

        ``ConfigError`` when the key is missing beside a log, or is not under this key ring.
        """
        if not self.key.exists() and (self.log / "history").exists():
            raise ConfigError(f"the key of the audit's log is missing: put {self.key} back")

        def draw() -> bytes:
            ring = new_ring(f"graphrisk-audit/{os.urandom(_NAME_BYTES).hex()}", os.urandom, now)
            return self._sealed(ring)

        now = clock.now_ms()
        kept = made_once(self.key, draw)
        try:
            return read_ring(
                keys.decrypt(keys.KeyRing.open(self.key_ring), kept.decode("ascii")).encode()
            )
        except (BadInput, UnicodeDecodeError) as error:
            raise ConfigError(f"{self.key} is not under the key ring {self.key_ring}") from error

    def rotate(self, clock: Clock) -> KeyRing:
        """The log's keys with a new one, which signs from now on; raises as ``open`` does.

        What older keys signed until now stays good. Killed in between, either all of it is so or
        nothing.
        """
        with self.open(clock):  # nobody signs meanwhile
            ring = self.ring(clock).rotated(os.urandom, clock.now_ms())
            replace(self.key, self._sealed(ring))
        self.open(clock).close()  # tells its public keys anew
        return ring

    def open(self, clock: Clock) -> Log:
        """The log, opened for writing; raises as ``Log`` and ``ring`` do."""
        while True:
            ring = self.ring(clock)
            log = Log(self.files(), ring, clock)
            if self.ring(clock) == ring:
                return log
            log.close()  # its key was changed before it was ours

    def _sealed(self, ring: KeyRing) -> bytes:
        return keys.Encryptor(keys.KeyRing.open(self.key_ring)).encrypt(_text(ring)).encode()


def place_of(settings: Settings) -> AuditPlace:
    """Where a deployment's audit lies."""
    return AuditPlace(settings.audit_folder, settings.key_ring_file)


def _text(ring: KeyRing) -> str:
    return bytes(ring).decode("ascii")
