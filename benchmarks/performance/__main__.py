"""``python -m benchmarks.performance [NAME …] [--scale 0.1]``: figures, and their page."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from benchmarks.performance.goals import GOALS
from benchmarks.performance.page import page
from benchmarks.performance.work import Work
from benchmarks.stamp import RESULTS, stamp

TOPICS = tuple(dict.fromkeys(goal.topic for goal in GOALS))


def main(
    names: Annotated[list[str] | None, typer.Argument(help=f"Of {', '.join(TOPICS)}.")] = None,
    scale: Annotated[float, typer.Option(help="Share of the full sizes.")] = 1.0,
    rounds: Annotated[int, typer.Option(help="How often each figure is taken.")] = 5,
    folder: Annotated[Path | None, typer.Option(help="Where large files may lie.")] = None,
) -> None:
    """Measure the topics, save what they gave, write docs/performance.md."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    for topic in names or TOPICS:
        if topic not in TOPICS:
            raise typer.BadParameter(f"{topic} is none of {', '.join(TOPICS)}")
        print(topic, flush=True)
        with TemporaryDirectory(dir=folder) as place:
            work = Work(Path(place), scale, rounds)
            import_module(f"benchmarks.performance.{topic}").measure(work)
        words = ["DIR" if word == str(folder) else word for word in sys.argv[1:]]
        command = " ".join(["python -m benchmarks.performance", *words])
        document = {"stamp": stamp(command), "sizes": work.sizes, "figures": work.figures}
        RESULTS.mkdir(parents=True, exist_ok=True)
        _file(topic).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        write_page()


def write_page() -> None:
    """The page of all results there are."""
    there = [topic for topic in TOPICS if _file(topic).exists()]
    documents = {topic: json.loads(_file(topic).read_text(encoding="utf-8")) for topic in there}
    (RESULTS.parent / "performance.md").write_text(page(documents), encoding="utf-8")


def _file(topic: str) -> Path:
    return RESULTS / f"performance-{topic}.json"


if __name__ == "__main__":
    typer.run(main)
