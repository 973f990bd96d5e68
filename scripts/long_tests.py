"""``make test-long``: the tests that have a long form, at full counts, then all mutants.

``GRAPHRISK_LONG=1`` gives them their full numbers of kills, cases and edges (``tests.effort``).
What was run and how it ended is written to ``docs/results/long-tests.json`` and the page
``docs/long-tests.md``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict
from xml.etree import ElementTree

from benchmarks.stamp import RESULTS, stamp
from scripts import mutation

ROOT = Path(__file__).parents[1]
RESULT = RESULTS / "long-tests.json"
PAGE = ROOT / "docs" / "long-tests.md"
_SLOWEST = 15
_PARALLEL = ("-n", "2", "--dist", "worksteal")  # as `make test` does


class Case(TypedDict):
    """One test and how it ended."""

    test: str
    seconds: float
    passed: bool


class Result(TypedDict):
    """One long run."""

    stamp: dict[str, str]
    tests: list[Case]
    mutants: list[mutation.Outcome]


def main() -> int:
    """Run, write, render; 1 when a test failed or a mutant survived."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [
            *(sys.executable, "-m", "pytest", "-q", *_PARALLEL),
            *(f"--junitxml={report}", *_with_long_form()),
        ]
        subprocess.run(command, cwd=ROOT, env={**os.environ, "GRAPHRISK_LONG": "1"}, check=False)
        tests = list(_cases(report))
    told: Result = {"stamp": stamp("make test-long"), "tests": tests, "mutants": mutation.run()}
    RESULT.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(render(told), encoding="utf-8")
    good = [case["passed"] for case in tests] + [one["killed"] for one in told["mutants"]]
    return int(not all(good))


def _with_long_form() -> list[str]:
    """The test files that ask how much they shall do."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    asking = [file for file in files if "from tests.effort" in file.read_text(encoding="utf-8")]
    return [str(file.relative_to(ROOT)) for file in asking]


def _cases(report: Path) -> Iterator[Case]:
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}"
        passed = case.find("failure") is None and case.find("error") is None
        yield {"test": name, "seconds": float(case.get("time", "0")), "passed": passed}


def render(result: Result) -> str:
    """The page of a result."""
    told, tests, mutants = result["stamp"], result["tests"], result["mutants"]
    failed = [case["test"] for case in tests if not case["passed"]]
    survived = [one["name"] for one in mutants if not one["killed"]]
    lines = [
        "# Long tests",
        "",
        "Written by `make test-long`: the tests whose counts can grow, at full counts",
        "(`GRAPHRISK_LONG=1`), then each mutant of",
        "[mutants.yaml](../tests/mutation/mutants.yaml), which its tests must catch.",
        "",
        f"{told['date']} at commit {told['commit']} ({told['machine']}, Python {told['python']}): "
        f"{len(tests) - len(failed)} of {len(tests)} tests passed, "
        f"{len(mutants) - len(survived)} of {len(mutants)} mutants were caught.",
        "",
        *[f"- failed: `{name}`" for name in failed],
        *[f"- survived: {name}" for name in survived],
        "",
        "## The longest",
        "",
        "| seconds | test |",
        "|---:|---|",
    ]
    slowest = sorted(tests, key=lambda case: -case["seconds"])[:_SLOWEST]
    lines += [f"| {case['seconds']:.0f} | `{case['test']}` |" for case in slowest]
    lines += ["", "## Mutants", "", "| caught | what was changed | in |", "|---|---|---|"]
    lines += [
        f"| {'yes' if one['killed'] else '**no**'} | {one['name']} | `{one['file']}` |"
        for one in mutants
    ]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    raise SystemExit(main())
