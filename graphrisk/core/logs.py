"""What processes say of themselves, on stderr: lines for people, or JSON for a collector of logs.

Nothing that is logged names anybody: an error's text tells what and where, never a value of data.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Final, Literal

Form = Literal["text", "json"]
_TEXT: Final = "%(asctime)s %(name)s %(levelname)s %(message)s"


class JsonLines(logging.Formatter):
    """One object a line: ``at`` (ISO 8601, UTC, ms), ``level``, ``from``, ``message``, ``fault``.

    ``fault`` is the type of an exception that was handed over; its text may hold values.
    """

    def format(self, record: logging.LogRecord) -> str:
        """See the class."""
        at = datetime.fromtimestamp(record.created, UTC)
        said: dict[str, str] = {
            "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            said["fault"] = record.exc_info[0].__name__
        return json.dumps(said, ensure_ascii=False)


def log_to_stderr(form: Form, level: int = logging.WARNING) -> None:
    """Say what is at least of ``level``, in this form, for the rest of the process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else logging.Formatter(_TEXT))
    logging.basicConfig(level=level, handlers=[handler])
