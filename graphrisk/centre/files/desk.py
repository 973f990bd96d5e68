"""What one viewer does with files: asked of access first, and recorded in his name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from graphrisk.access.model import AuditPort
from graphrisk.access.rights import require
from graphrisk.analysis.entities import Viewer
from graphrisk.centre.desk import CaseDesk
from graphrisk.centre.files import rules
from graphrisk.centre.files.model import Holder, Upload
from graphrisk.centre.files.service import Files, Incoming
from graphrisk.centre.tasks.lists import TaskLists
from graphrisk.core.errors import Forbidden
from graphrisk_schema.model import Sensitivity


class FileDesk:
    """Files of cases and tasks as one viewer adds and reads them."""

    def __init__(
        self, files: Files, cases: CaseDesk, tasks: TaskLists, viewer: Viewer, audit: AuditPort
    ) -> None:
        self._files = files
        self._cases = cases
        self._tasks = tasks
        self._viewer = viewer
        self._audit = audit

    def receive(self, holder: Holder, subject: str) -> Incoming:
        """A place for a file that the viewer adds.

        Raises:
            NotFound: He sees no such case or task.
            Forbidden: He may not add to the case, or the task is not his.
        """
        principal = self._viewer.principal
        if holder is Holder.CASE:
            require(principal, "case.note", self._cases.case(subject).area)
        else:
            task = self._tasks.one(principal, self._viewer.purpose, subject)
            require(principal, "task.prove")
            if task.assignee != principal.name:
                raise Forbidden("the task is somebody else's")
        return self._files.receive()

    def add(
        self, holder: Holder, subject: str, sha256: str, name: str, incoming: Incoming
    ) -> Upload:
        """Keep a received file and note it with its case or task.

        ``BadInput`` when it is empty, holds something else than its hash says, or has no name.
        """
        hashed, called = rules.checked_hash(sha256), rules.checked_name(name)
        received = incoming.finish(hashed)
        author = self._viewer.principal.name
        self._told("file.add", subject)
        if holder is Holder.CASE:
            return self._files.add_to_case(subject, called, author, received)
        return self._files.add_to_task(subject, called, author, received)

    def of_case(self, case_id: str) -> list[Upload]:
        """Files of a case within the viewer's areas; names as he sees them."""
        self._cases.case(case_id)
        found = self._files.of(case_id)
        seen = self._viewer.see_text
        return [replace(one, name=seen(Sensitivity.PERSONAL, one.name)) for one in found]

    def content(self, holder: Holder, subject: str, sha256: str) -> tuple[Upload, Iterator[bytes]]:
        """A file and what it holds.

        Raises:
            NotFound: The viewer sees no such case or task, or it has no such file.
            Forbidden: A case's file is read by who names that very case.
        """
        if holder is Holder.CASE:
            number = self._cases.case(subject).number
            if self._viewer.purpose.case != number:
                raise Forbidden(f"name the case (X-Case: {number}) to read its files")
        else:
            self._tasks.one(self._viewer.principal, self._viewer.purpose, subject)
        found = self._files.get(subject, rules.checked_hash(sha256))
        self._told("file.read", subject)
        return found, self._files.content(found.sha256)

    def _told(self, action: str, subject: str) -> None:
        self._audit.record(self._viewer.principal, action, self._viewer.purpose, 1, subject)
