"""Write every generated file anew: ``make docs``; a test compares them with what stands there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]


def generated() -> dict[Path, Callable[[], str]]:
    """Each generated file and what renders it."""
    from graphrisk.analysis.rules import schema as rules
    from graphrisk.api import schema as api
    from graphrisk.cli import reference
    from graphrisk_schema import render_cypher, render_docs, render_sqlite
    from graphrisk_schema.reader import load_schema
    from scripts import client_code, pages, run_lock, sources_page

    schema = load_schema()
    vocabulary = ROOT / "schema" / "graphrisk_schema"
    return {
        vocabulary / render_sqlite.FILE: lambda: render_sqlite.render(schema),
        vocabulary / render_cypher.FILE: lambda: render_cypher.render(schema),
        vocabulary / api.FILE: api.render,
        ROOT / rules.FILE: rules.render,
        ROOT / "docs" / "schema.md": lambda: render_docs.render(schema),
        ROOT / "docs" / "sources.md": sources_page.render,
        ROOT / "docs" / "cli.md": reference.render,
        ROOT / "docs" / "settings.md": pages.settings,
        ROOT / "docs" / "errors.md": pages.error_page,
        **client_code.files(),
        ROOT / "requirements-run.lock": lambda: run_lock.render(ROOT),
    }


def main() -> None:
    """Write what differs, and say so."""
    for file, render in generated().items():
        text = render()
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            print(f"written: {file.relative_to(ROOT)}")  # noqa: T201 - a script's voice


if __name__ == "__main__":
    main()
