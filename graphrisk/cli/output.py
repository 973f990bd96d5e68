"""What a command says: one JSON object or readable tables on stdout, progress on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Literal

Progress = Callable[[str, int, int], None]
Cell = object  # shown as text


def say_json(value: object) -> None:
    """Print ``value`` as one JSON object; keys keep their order, so equal data is equal bytes."""
    import orjson

    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.flush()


def say(text: str) -> None:
    """Print a line for a person."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def say_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Print a table; numbers stand right, and an id stays in one piece, to be copied."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", header_style="bold")
    for place, name in enumerate(columns):
        numbers = bool(rows) and all(isinstance(row[place], int | float) for row in rows)
        justify: Literal["left", "right"] = "right" if numbers else "left"
        table.add_column(name, justify=justify, overflow="fold", no_wrap=name == "id")
    for row in rows:
        table.add_row(*(_text(cell) for cell in row))
    Console().print(table)


def say_facts(title: str, facts: Mapping[str, Cell]) -> None:
    """Print names and values below a title."""
    say_table(title, ["", ""], [[name, value] for name, value in facts.items()])


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """Bars on stderr, one a label; where stderr is no terminal, one line a finished label."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as bars:
        tasks = {}

        def report(label: str, done: int, total: int) -> None:
            if label not in tasks:
                tasks[label] = bars.add_task(label, total=total or None)
            bars.update(tasks[label], completed=done, total=total or None)

        yield report


def _lines() -> Progress:
    finished: set[str] = set()

    def report(label: str, done: int, total: int) -> None:
        if total and done >= total and label not in finished:
            finished.add(label)
            sys.stderr.write(f"{label}: {done:,}\n")

    return report


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return f"{cell:,}" if isinstance(cell, int) and not isinstance(cell, bool) else str(cell)
