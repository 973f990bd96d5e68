"""Sabotage on purpose: each mutant of ``tests/mutation/mutants.yaml`` must turn its tests red.

``python -m scripts.mutation [WORD]`` works on a copy of the sources, one mutant after the other
(those whose name has the word); a mutant that survives is a decision no test guards.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import yaml

ROOT = Path(__file__).parents[1]
MUTANTS = ROOT / "tests" / "mutation" / "mutants.yaml"
#: What the tests import or read; everything else stays behind.
COPIED = ("graphrisk", "schema", "loaders", "algorithms", "tests", "scripts", "benchmarks", "docs")
ROOTS = ("", "schema", "loaders", "algorithms")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One decision changed: ``find`` stands exactly once in ``file``."""

    name: str
    file: str
    find: str
    replace: str
    tests: list[str]

    def source(self, root: Path) -> str:
        """The file with the decision changed; ``ValueError`` when it is not there once."""
        text = (root / self.file).read_text(encoding="utf-8")
        if text.count(self.find) != 1:
            raise ValueError(f"{self.name}: {self.find!r} stands {text.count(self.find)} times")
        return text.replace(self.find, self.replace)


def read_mutants() -> list[Mutant]:
    """All mutants in the order of the file."""
    return [Mutant(**entry) for entry in yaml.safe_load(MUTANTS.read_text(encoding="utf-8"))]


class Outcome(TypedDict):
    """What became of a mutant."""

    name: str
    file: str
    killed: bool


def run(word: str = "") -> list[Outcome]:
    """Try the mutants whose name has ``word``, in order; each is told as it ends."""
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="graphrisk-mutation-") as folder:
        copy = Path(folder)
        for name in COPIED:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, copy / name, ignore=ignored)
        for name in ("pyproject.toml", "README.md"):
            shutil.copy(ROOT / name, copy / name)
        for mutant in (one for one in read_mutants() if word in one.name):
            killed = _is_killed(mutant, copy)
            print("killed  " if killed else "SURVIVED", mutant.name, flush=True)  # noqa: T201
            outcomes.append({"name": mutant.name, "file": mutant.file, "killed": killed})
    return outcomes


def main() -> int:
    """Run the mutants; 1 when one survives."""
    return int(not all(outcome["killed"] for outcome in run(*sys.argv[1:2])))


def _is_killed(mutant: Mutant, copy: Path) -> bool:
    file = copy / mutant.file
    whole = file.read_text(encoding="utf-8")
    file.write_text(mutant.source(copy), encoding="utf-8")
    try:
        path = os.pathsep.join(str(copy / root) for root in ROOTS)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", *mutant.tests],
            cwd=copy,
            # Compiled loops are kept by file and time: a mutant must not find the originals.
            env={**os.environ, "PYTHONPATH": path, "NUMBA_CACHE_DIR": str(copy / "numba")},
            capture_output=True,
            check=False,
        )
    finally:
        file.write_text(whole, encoding="utf-8")
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{mutant.name}: {done.stdout.decode()[-2000:]}")
    return done.returncode == 1


if __name__ == "__main__":
    raise SystemExit(main())
