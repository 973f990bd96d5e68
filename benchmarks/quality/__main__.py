"""``python -m benchmarks.quality``: figures into docs/results, and the pages made from them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.quality.calibration import lessons
from benchmarks.quality.city import city
from benchmarks.quality.city_page import quality_page
from benchmarks.quality.entity import cities as doubled_cities
from benchmarks.quality.entity import entity, scale
from benchmarks.quality.entity_page import entity_page
from benchmarks.quality.public.formats import FORMATS, every, run
from benchmarks.quality.public.page import public_page, public_tables
from benchmarks.quality.real import real
from benchmarks.quality.real_page import real_page
from benchmarks.stamp import RESULTS, stamp
from graphrisk.cli.exits import exit_code
from graphrisk.core.errors import GraphRiskError

_DOCS = RESULTS.parent
_LEARNT = _DOCS.parent / "graphrisk" / "analysis" / "scale_learnt.yaml"
_PRESETS = ("small", "town")
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.callback(invoke_without_command=True)
def main(context: typer.Context) -> None:
    """Without a command: ten small cities, with the torn city of each as control."""
    if context.invoked_subcommand is None:
        cities()


@app.command("city")
def cities(
    seeds: Annotated[str, typer.Option(help="One seed, or the first and last: 1-10.")] = "1-10",
    preset: Annotated[str, typer.Option(help="small or town.")] = "small",
    control: Annotated[bool, typer.Option(help="Judge each city torn apart as well.")] = True,
) -> None:
    """Write cities, find their rings, compare with what was planted."""
    every = city(preset, _seeds(seeds), control=control)
    _save(f"quality-city-{preset}.json", {"cities": every})
    _write_quality()


@app.command("real")
def public_sets(
    data: Annotated[Path, typer.Option(exists=True, help="Folder with the public sets below it.")],
) -> None:
    """Load public data sets, detect, and compare with their labels, outside the product."""
    _save("quality-real.json", {"sets": real(data)})
    document = _read("quality-real.json")
    (_DOCS / "real-data.md").write_text(real_page(document or {}), encoding="utf-8")


@app.command("entity")
def entities(
    data: Annotated[Path, typer.Option(exists=True, help="Folder with the FEBRL sets.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures.")] = False,
    rows: Annotated[int, typer.Option(help="Also time so many made-up records.")] = 0,
    seeds: Annotated[str, typer.Option(help="Towns with second records: first-last.")] = "3-5",
) -> None:
    """Resolve person records and compare with who they are."""
    document = entity(data)
    document["cities"] = doubled_cities("town", _seeds(seeds))
    if rows:
        document["scale"] = scale(rows)
    _save("quality-entity.json", document)
    _write_quality()
    if as_json:
        print(json.dumps(document, indent=1))


@app.command("all")
def all_sets(
    data: Annotated[Path, typer.Option(exists=True, help="Folder with sets of any format below.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures.")] = False,
    only: Annotated[list[str] | None, typer.Option(help="Of these formats; keep others.")] = None,
) -> None:
    """Judge every set of every public format and write the figures into the page."""
    chosen = only or list(FORMATS)
    before = (_read("quality-public.json") or {"sets": []})["sets"]
    sets = [one for one in before if one["format"] not in chosen]
    sets += [{**one, "stamp": stamp(_said())} for one in every(data, chosen)]
    order = list(FORMATS)
    sets.sort(key=lambda one: (order.index(one["format"]), one["set"]))
    document: dict[str, Any] = {"sets": sets}
    _save("quality-public.json", document)
    _write_quality()
    if as_json:
        print(json.dumps(document, indent=1))


def _command(name: str) -> None:
    """The command of one format: the same options for each, nothing saved."""

    @app.command(name, help=f"Judge sets of the format {name}; nothing is saved.")
    def judged(
        data: Annotated[Path, typer.Option(exists=True, help="Folder with the files, or above.")],
        as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    ) -> None:
        document: dict[str, Any] = {"format": name, "sets": run(name, data)}
        print(json.dumps(document, indent=1) if as_json else public_tables(document["sets"]))


for _name in FORMATS:
    _command(_name)


@app.command("calibration")
def calibration(
    small: Annotated[str, typer.Option(help="Seeds of small cities: first-last.")] = "601-606",
    town: Annotated[str, typer.Option(help="Seeds of towns: first-last.")] = "31-32",
) -> None:
    """Learn what probability a finding's evidence means, on cities of development."""
    chosen = (("small", small), ("town", town))
    cities = [(preset, seed) for preset, seeds in chosen if seeds for seed in _seeds(seeds)]
    source = ", ".join(f"{preset} {seeds}" for preset, seeds in chosen if seeds)
    command = " ".join(["python -m benchmarks.quality", *sys.argv[1:]])
    lessons(cities).learn(_LEARNT, source, command)


def _seeds(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def _write_quality() -> None:
    parts = {name: _read(f"quality-city-{name}.json") for name in _PRESETS}
    cities = {name: part for name, part in parts.items() if part is not None}
    page = quality_page(cities) + entity_page(_read("quality-entity.json"))
    page += public_page(_read("quality-public.json"))
    (_DOCS / "quality.md").write_text(page, encoding="utf-8")


def _said() -> str:
    """The command as it was given, without the folder's name."""
    words = ["DIR" if Path(word).is_dir() else word for word in sys.argv[1:]]
    return " ".join(["python -m benchmarks.quality", *words])


def _save(name: str, document: dict[str, Any]) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"stamp": stamp(_said()), **document}, indent=1, ensure_ascii=False)
    (RESULTS / name).write_text(text + "\n", encoding="utf-8")


def _read(name: str) -> dict[str, Any] | None:
    file = RESULTS / name
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def main_program() -> None:
    """Run a command; what is wrong with its input is one line on stderr and an exit code."""
    try:
        app()
    except GraphRiskError as error:
        print(f"benchmarks.quality: {error.code}: {error}", file=sys.stderr)
        raise SystemExit(exit_code(error)) from None


if __name__ == "__main__":
    main_program()
