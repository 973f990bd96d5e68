"""Files: received piece by piece, kept once under their hash, encrypted, noted in rows.

What a file holds is whole and durable before its row is written, so a row never names what is not
there; a file without a row (a kill between the two) does no harm and is used by the next upload.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from graphrisk.centre.cases.service import Cases
from graphrisk.centre.cases.tables import CaseRow
from graphrisk.centre.files import records, rules
from graphrisk.centre.files.model import Holder, Upload
from graphrisk.centre.files.tables import UploadRow
from graphrisk.centre.timeline.model import Order
from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, Conflict, LimitExceeded, NotFound, StoreError
from graphrisk.core.files import private_folder, sync_folder
from graphrisk.core.keys import KeyWrapper
from graphrisk.core.machine import Step
from graphrisk.core.sealing import Sealer, unsealed
from graphrisk.store.operations.database import Database


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came whole and is kept."""

    sha256: str
    size: int
    media_type: str


class Incoming:
    """A file on its way in. Either ``finish`` or ``drop`` ends it."""

    def __init__(self, folder: Path, keys: KeyWrapper, most_bytes: int) -> None:
        private_folder(folder)
        descriptor, name = tempfile.mkstemp(prefix=".incoming-", dir=folder)
        self._folder, self._partial = folder, Path(name)
        self._out: BinaryIO = os.fdopen(descriptor, "wb")
        self._sealer = Sealer(self._out, keys)
        self._hash = hashlib.sha256()
        self._size, self._most = 0, most_bytes
        self._beginning = b""

    def write(self, data: bytes) -> None:
        """Take more of it; ``LimitExceeded`` once it is too large."""
        self._size += len(data)
        if self._size > self._most:
            raise LimitExceeded(f"a file has at most {self._most:,} bytes")
        self._beginning = (self._beginning + data)[: rules.LOOKED_AT]
        self._hash.update(data)
        self._sealer.write(data)

    def finish(self, sha256: str) -> Received:
        """Keep it under its hash; ``BadInput`` when it is empty or holds something else."""
        if not self._size or self._hash.hexdigest() != sha256:
            raise BadInput("the file is empty, or its SHA-256 is another one")
        self._sealer.close()
        self._out.flush()
        os.fsync(self._out.fileno())
        self._out.close()
        place = place_of(self._folder, sha256)
        private_folder(place.parent)
        self._partial.replace(place)
        sync_folder(place.parent)
        return Received(sha256, self._size, rules.media_type_of(self._beginning))

    def drop(self) -> None:
        """Forget what came; after ``finish`` there is nothing to forget."""
        self._out.close()
        self._partial.unlink(missing_ok=True)


class Files:
    """All files of a deployment. Who may do what is asked before, of access.

    Args:
        database: Rows of files.
        cases: Whose timelines tell of files that are added.
        folder: Where what they hold lies.
        keys: Gives the key ring when it is needed.
        clock: Tells when a file was added.
        most_bytes: How large one may be.
    """

    def __init__(
        self,
        database: Database,
        cases: Cases,
        folder: Path,
        keys: Callable[[], KeyWrapper],
        clock: Clock,
        most_bytes: int,
    ) -> None:
        self._database = database
        self._cases = cases
        self._folder = folder
        self._keys = keys
        self._clock = clock
        self._most_bytes = most_bytes

    def receive(self) -> Incoming:
        """A place for a file that comes."""
        return Incoming(self._folder, self._keys(), self._most_bytes)

    def add_to_case(self, case_id: str, name: str, author: str, file: Received) -> Upload:
        """Note a received file in a case, with its step; the same file once more changes nothing.

        Raises:
            NotFound: No such case.
            Conflict: It is merged into another one.
        """
        held = self.find(case_id, file.sha256)
        if held is not None:
            return held

        def change(session: Session, row: CaseRow, step: Step) -> None:
            session.add(_row(Holder.CASE, row.case_id, name, author, file, step.at))

        try:
            self._cases.act(Order(case_id, author), "file", change, {"file": file.sha256})
        except Conflict:  # somebody else may have added it at the same moment
            if self.find(case_id, file.sha256) is None:
                raise
        return self.get(case_id, file.sha256)

    def add_to_task(self, task_id: str, name: str, author: str, file: Received) -> Upload:
        """Note a received file with a task; the same file once more changes nothing."""
        with self._database.session() as session:
            if records.find(session, task_id, file.sha256) is None:
                now = self._clock.now_ms()
                session.add(_row(Holder.TASK, task_id, name, author, file, now))
        return self.get(task_id, file.sha256)

    def find(self, subject: str, sha256: str) -> Upload | None:
        """A file of a case or task."""
        with self._database.reading() as session:
            return records.find(session, subject, sha256)

    def get(self, subject: str, sha256: str) -> Upload:
        """A file of a case or task; ``NotFound`` where there is none."""
        found = self.find(subject, sha256)
        if found is None:
            raise NotFound("no such file")
        return found

    def of(self, subject: str) -> list[Upload]:
        """Files of a case or task, in the order they were added."""
        with self._database.reading() as session:
            return records.listed(session, subject)

    def content(self, sha256: str) -> Iterator[bytes]:
        """What a file holds, piece by piece; ``StoreError`` when it is gone or was changed."""
        try:
            source = place_of(self._folder, sha256).open("rb")
        except OSError as error:
            raise StoreError(f"a kept file cannot be read: {error.strerror}") from error
        with source:
            yield from unsealed(source, self._keys())


def place_of(folder: Path, sha256: str) -> Path:
    """Where what a file holds lies."""
    return folder / sha256[:2] / sha256


def _row(
    holder: Holder, subject: str, name: str, author: str, file: Received, at: int
) -> UploadRow:
    return UploadRow(
        holder=holder.value,
        subject=subject,
        sha256=file.sha256,
        name=name,
        media_type=file.media_type,
        size=file.size,
        added_by=author,
        added_at=at,
    )
