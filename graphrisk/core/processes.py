"""Child processes that do not outlive their parent."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import Literal


def bound(command: Sequence[str], ending: Literal["TERM", "KILL"]) -> list[str]:
    """``command``, to be sent ``ending`` when the thread that starts it ends, even by kill -9.

    Linux only, through util-linux's ``setpriv``; elsewhere the command alone.
    """
    setpriv = shutil.which("setpriv")
    return [*([setpriv, "--pdeathsig", ending] if setpriv else []), *command]
