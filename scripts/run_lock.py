"""The part of the lock file that a running service needs, for images: no tools, no tests."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

_NAME = re.compile(r"^([a-z0-9][a-z0-9._-]*)")
#: Extras that a service may need; notebooks are no part of one.
_SERVICE = ("postgres",)
_HEAD = "# Written by `make docs` from requirements.lock: what a running service needs.\n"


def render(root: Path) -> str:
    """Every locked package that the project or an extra of the service leads to."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [project["optional-dependencies"][name] for name in _SERVICE]
    direct = [*project["dependencies"], *(one for extra in extras for one in extra)]
    needed = {_name(one) for one in direct}
    blocks = _blocks((root / "requirements.lock").read_text(encoding="utf-8"))
    while True:
        found = {name for name, text in blocks if _parents(text) & needed} - needed
        if not found:
            return _HEAD + "".join(text for name, text in blocks if name in needed)
        needed |= found


def _blocks(lock: str) -> list[tuple[str, str]]:
    """Name and text of each locked package, once a version."""
    texts = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)
    return [(_name(text), text) for text in texts if _NAME.match(text)]


def _parents(block: str) -> set[str]:
    """Packages that want this one, from the comment below its hashes."""
    return set(re.findall(r"^ +#(?: +via)? +([a-z0-9._-]+)$", block, re.MULTILINE))


def _name(requirement: str) -> str:
    found = _NAME.match(requirement.lower())
    assert found is not None, requirement
    return found.group(1)
