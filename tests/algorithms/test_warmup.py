"""After ``warmup`` no kernel is left to compile."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import graphrisk_algorithms
from graphrisk_algorithms.registry import FINDERS, MEASURES, PARTITIONS
from graphrisk_algorithms.warmup import KERNELS, kernels, warmup

_WARM = "from graphrisk_algorithms.warmup import warmup; print(warmup(lambda *_: None))"
_DETECT = """
from pathlib import Path
from sys import argv
from graphrisk.analysis.run import detect
from graphrisk.core.clock import ManualClock
from graphrisk.store.operations.database import Database
from graphrisk.store.sqlite.store import SqliteStore
from tests.algorithms.planted import planted_towns
from tests.analysis.stores import fill

folder = Path(argv[1])
store = SqliteStore(folder / "graph.db")
store.migrate()
fill(store, planted_towns()["city"])
database = Database(f"sqlite:///{folder / 'operations.db'}")
database.migrate()
report = detect(store, folder / "s", database, ManualClock(1), progress=lambda *_: None)
print(sum(report.findings.values()))
database.dispose()
store.close()
"""


def test_every_kernel_is_compiled_and_every_algorithm_heard_of() -> None:
    heard: list[tuple[str, int, int]] = []
    assert warmup(lambda *step: heard.append(step)) == len(kernels())
    assert all(kernels().values()), kernels()
    told = " ".join(name for name, _, _ in heard)
    assert all(name in told for name in (*PARTITIONS, *MEASURES, *FINDERS))
    assert heard[-1][1] == heard[-1][2] == len(PARTITIONS) + len(MEASURES) + len(FINDERS)


def test_every_module_of_kernels_is_known() -> None:
    folder = Path(graphrisk_algorithms.__path__[0])
    assert set(KERNELS) == {file.stem for file in folder.glob("kernels/*_kernels.py")}


def test_a_detection_after_it_compiles_nothing(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert int(_run(_WARM, cache)) > 5
    warm = sorted(_machine_code(cache))
    assert len(warm) > 5
    assert int(_run(_DETECT, cache, str(tmp_path))) == 4
    assert sorted(_machine_code(cache)) == warm


def _machine_code(cache: Path) -> list[str]:
    """Compiled kernels of algorithms; what filling the store compiles is not asked."""
    return [file.name for file in cache.rglob("*_kernels.*.nbc")]


def _run(program: str, cache: Path, *arguments: str) -> str:
    paths = [path for path in sys.path if path]
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache), "PYTHONPATH": ":".join(paths)}
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout
