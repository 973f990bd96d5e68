"""Files and functions stay small enough to be read at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("graphrisk", "schema", "loaders", "algorithms", "tests", "benchmarks", "scripts")
FILE_LINES = 500
#: A table of fixed data or a kernel's loop may be longer than the usual 35 lines, not by much.
FUNCTION_LINES = 60
USUAL_FILE_LINES = 300
USUAL_FUNCTION_LINES = 35
#: "Normally": the share that may exceed the usual size.
EXCEPTIONS = 0.05


def sources() -> list[Path]:
    return [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))]


def functions(file: Path) -> Iterator[tuple[str, int]]:
    """Name and lines of code of each function; decorators and docstring do not count."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            skipped = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
            yield node.name, (node.end_lineno or 0) - node.lineno + 1 - skipped


def test_no_file_is_longer_than_500_lines_and_few_than_300() -> None:
    lines = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in sources()}
    assert len(lines) > 50
    assert {name: n for name, n in lines.items() if n > FILE_LINES} == {}
    long = {name: n for name, n in lines.items() if n > USUAL_FILE_LINES}
    assert len(long) <= EXCEPTIONS * len(lines), long


def test_no_function_is_longer_than_60_lines_and_few_than_35() -> None:
    lines = {
        f"{file.relative_to(ROOT)}:{name}": n for file in sources() for name, n in functions(file)
    }
    assert {name: n for name, n in lines.items() if n > FUNCTION_LINES} == {}
    long = {name: n for name, n in lines.items() if n > USUAL_FUNCTION_LINES}
    assert len(long) <= EXCEPTIONS * len(lines), long
