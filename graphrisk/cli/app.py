"""The Typer application: its commands and how errors leave it."""

from __future__ import annotations

import sys

import typer

from graphrisk.cli import data, demo, doctor, results, service
from graphrisk.cli.exits import exit_code
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
    results.detect,
    results.findings,
    results.explain,
    results.evaluate,
    service.up,
    data.export,
    doctor.doctor,
    service.warmup,
    demo.demo,
):
    app.command()(command)


def main() -> None:
    """Entry point of ``graphrisk``: errors become one line on stderr and an exit code."""
    try:
        app()
    except GraphRiskError as error:
        if "--json" in sys.argv:
            import orjson

            report = {"error": {"code": error.code, "message": str(error)}}
            print(orjson.dumps(report).decode(), file=sys.stderr)  # noqa: T201 - the CLI's voice
        else:
            print(f"graphrisk: {error.code}: {error}", file=sys.stderr)  # noqa: T201
        raise SystemExit(exit_code(error)) from None
