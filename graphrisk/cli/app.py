"""The Typer application: its commands and how errors leave it."""

from __future__ import annotations

import signal
import sys
import traceback
from types import FrameType

import typer

from graphrisk.cli import (
    access,
    audit,
    backup,
    coverage,
    data,
    demo,
    doctor,
    feeds,
    identity,
    keys,
    principals,
    results,
    rules,
    service,
    sources,
    status,
    trusted,
    webhooks,
)
from graphrisk.cli.exits import Exit, exit_code
from graphrisk.core.errors import GraphRiskError, system_faults

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
    feeds.watch,
    feeds.pull,
    sources.sources,
    coverage.coverage,
    identity.resolve,
    identity.judge,
    identity.judgements,
    identity.erase,
    results.detect,
    results.findings,
    results.explain,
    results.evaluate,
    service.up,
    data.export,
    data.copy,
    backup.backup,
    backup.restore,
    access.token,
    doctor.doctor,
    status.status,
    service.warmup,
    demo.demo,
):
    app.command()(command)
app.add_typer(rules.rules, name="rules")
app.add_typer(audit.audit, name="audit")
app.add_typer(keys.key, name="key")
app.add_typer(principals.principal, name="principal")
app.add_typer(trusted.documents, name="documents")
app.add_typer(webhooks.webhooks, name="webhooks")


def main() -> None:
    """Entry point of ``graphrisk``: errors become one line on stderr and an exit code."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    as_json = "--json" in sys.argv
    try:
        with system_faults():
            # Typer tells wrong usage by itself, in a box; as JSON it is told here.
            code = app(standalone_mode=not as_json)
    except GraphRiskError as error:
        _complain(as_json, error.code, str(error))
        raise SystemExit(exit_code(error)) from None
    except typer.TyperException as error:
        _complain(as_json, Exit.USAGE.name, error.format_message())
        raise SystemExit(Exit.USAGE) from None
    except Exception as error:  # noqa: BLE001 - the outermost place: whatever was forgotten
        traceback.print_exc()
        _complain(as_json, GraphRiskError.code, f"{type(error).__name__}: {error}")
        raise SystemExit(Exit.INTERNAL) from None
    raise SystemExit(code)


def _end(number: int, _frame: FrameType | None) -> None:
    """Leave in good order: what was opened is closed on the way out."""
    raise SystemExit(128 + number)


def _complain(as_json: bool, code: str, message: str) -> None:
    if as_json:
        import orjson

        sys.stderr.write(orjson.dumps({"error": {"code": code, "message": message}}).decode())
        sys.stderr.write("\n")
    else:
        sys.stderr.write(f"graphrisk: {code}: {message}\n")
