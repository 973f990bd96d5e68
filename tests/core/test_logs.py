"""What processes say of themselves, for people and for a collector of logs."""

from __future__ import annotations

import json
import subprocess
import sys

_SAYS = """
import logging
from graphrisk.core.logs import log_to_stderr
log_to_stderr({form!r}, logging.INFO)
log = logging.getLogger("graphrisk.worker")
log.info("%s begins, attempt %d", "detect", 2)
try:
    raise ValueError("张伟 13900000001")
except ValueError:
    log.exception("a fault\\nover two lines")
log.debug("not told")
"""


def _said(form: str) -> str:
    command = [sys.executable, "-c", _SAYS.format(form=form)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr


def test_each_line_is_an_object_without_what_an_exception_said() -> None:
    first, second = (json.loads(line) for line in _said("json").splitlines())
    assert first.pop("at").endswith("Z")
    assert first == {
        "level": "info", "from": "graphrisk.worker", "message": "detect begins, attempt 2"
    }  # fmt: skip
    assert second["message"] == "a fault\nover two lines"
    assert second["fault"] == "ValueError"
    assert "张伟" not in str(second)


def test_lines_for_people_say_the_same() -> None:
    assert "graphrisk.worker INFO detect begins, attempt 2" in _said("text").splitlines()[0]
