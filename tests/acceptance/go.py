"""The Go program that looks at our logs, built from its own sources through the Go proxy."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

_SOURCES = Path(__file__).parent / "tlogcheck"
_NEEDED = (1, 26)


def built(folder: Path) -> Path:
    """The program; a machine without Go fails here, with a sentence that says what to install."""
    go = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")
    assert go is not None, "these tests need Go 1.26 or newer: https://go.dev/doc/install"
    told = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=True)
    version = tuple(int(part) for part in told.stdout.strip().removeprefix("go").split(".")[:2])
    assert version >= _NEEDED, f"these tests need Go 1.26 or newer, this is {told.stdout.strip()}"
    program = folder / "tlogcheck"
    environment = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "-buildvcs=false -mod=readonly"}
    done = subprocess.run(
        [go, "build", "-o", program, "."], cwd=_SOURCES, env=environment, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"the Go program is not built: {done.stderr}"
    return program
