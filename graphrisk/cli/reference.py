"""The command line's reference page, docs/cli.md, from the commands themselves."""

from __future__ import annotations

import typer.main
from typer import Context
from typer.cli import get_docs_for_click

from graphrisk.cli.app import app
from graphrisk.cli.exits import Exit

_HEAD = """\
# Command line

Written by `make docs` from the commands themselves.

Results go to stdout, progress and complaints to stderr. `--json` prints one JSON object; with it
an error is `{"error": {"code", "message"}}` on stderr. The store is `--store` or `GRAPHRISK_STORE`;
its password comes from `GRAPHRISK_STORE_PASSWORD` or a prompt and is never shown. Other settings:
[settings.md](settings.md).

## Exit codes

| code | name | when |
|---|---|---|
"""
_WHEN = {
    Exit.OK: "done; a load with rejected rows is done too, and says how many",
    Exit.CHECK_FAILED: "`doctor` found something to mend, or `demo --check` too few rings",
    Exit.USAGE: "wrong option or argument",
    Exit.BAD_INPUT: "a value or file cannot be used; file, line and column are named",
    Exit.FORBIDDEN: "scope, role or purpose does not allow it",
    Exit.NOT_FOUND: "no such finding or node",
    Exit.CONFLICT: "another process writes, or the state moved on; nothing was written",
    Exit.LIMIT_EXCEEDED: "a declared cap was reached",
    Exit.CONFIG: "settings, mapping or key ring unusable",
    Exit.STORE: "a store answered with a fault",
    Exit.STORE_UNAVAILABLE: "a store cannot be reached; try again later",
    Exit.UNSUPPORTED: "this engine cannot do it; the message says which can",
    Exit.UNAUTHENTICATED: "nobody known asks: a token or key is missing or no longer valid",
    Exit.CASE_REQUIRED: "a case of one's own has to be named to read of persons",
    Exit.INTERNAL: "a fault of this program, or one of its processes ended by itself",
    Exit.INTERRUPTED: "Ctrl-C at work; `up` and `demo` end with 0 once they serve",
    Exit.TERMINATED: "SIGTERM, likewise",
}


def render() -> str:
    """The page as Markdown."""
    codes = "".join(f"| {code.value} | {code.name} | {when} |\n" for code, when in _WHEN.items())
    command = typer.main.get_command(app)
    context = Context(command, info_name="graphrisk")
    pages = get_docs_for_click(obj=command, ctx=context, name="graphrisk", indent=1)
    return _HEAD + codes + "\n" + pages.strip() + "\n"
