"""The Typer application: its commands and how errors leave it."""

from __future__ import annotations

import signal
import sys
import traceback
from types import FrameType

import typer

from graphrisk.cli import coverage, data, demo, doctor, results, service, sources
from graphrisk.cli.exits import Exit, exit_code
from graphrisk.core.errors import GraphRiskError

app = typer.Typer(
    name="graphrisk",
    help="Graph-based risk intelligence for a city: load, find rings, explain, serve.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    data.synth,
    data.load,
    sources.sources,
    coverage.coverage,
    results.detect,
    results.findings,
    results.explain,
    results.evaluate,
    service.up,
    data.export,
    data.copy,
    doctor.doctor,
    service.warmup,
    demo.demo,
):
    app.command()(command)


def main() -> None:
    """Entry point of ``graphrisk``: errors become one line on stderr and an exit code."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    try:
        app()
    except GraphRiskError as error:
        _complain(error.code, str(error))
        raise SystemExit(exit_code(error)) from None
    except Exception as error:  # noqa: BLE001 - the outermost place: whatever was forgotten
        traceback.print_exc()
        _complain(GraphRiskError.code, f"{type(error).__name__}: {error}")
        raise SystemExit(Exit.INTERNAL) from None


def _end(number: int, _frame: FrameType | None) -> None:
    """Leave in good order: what was opened is closed on the way out."""
    raise SystemExit(128 + number)


def _complain(code: str, message: str) -> None:
    if "--json" in sys.argv:
        import orjson

        sys.stderr.write(orjson.dumps({"error": {"code": code, "message": message}}).decode())
        sys.stderr.write("\n")
    else:
        sys.stderr.write(f"graphrisk: {code}: {message}\n")
