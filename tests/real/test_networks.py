"""The figures after which cells are grown are those of the real networks, where these are given."""

from __future__ import annotations

import csv
from dataclasses import asdict
from pathlib import Path

import pytest

from graphrisk_loaders.synth.growth import likenesses
from graphrisk_loaders.synth.nets import measures
from graphrisk_loaders.synth.templates import read_template
from tests.loaders.synth.measured import mean
from tests.real.sets import real_file

LIKE = {name: like for nets in likenesses().values() for name, like in nets.items()}
#: The folder of each network of the collection whose figures ``likenesses.yaml`` holds.
FOLDERS = {
    "ciel": "ciel_drugs",
    "cocaine": "cocaine_nyc",
    "caviar_begun": "caviar_drugs_montreal",
    "caviar": "caviar_drugs_montreal",
    "hamburg": "hamburg_cell_series",
    "madrid": "madrid_bombing_series",
    "nine_eleven": "nine_eleven",
    "hijackers": "nine_eleven",
    "november17": "november17",
}
#: Of networks that are like one layer of a collection, or several: which.
LAYERS = {"caviar_begun": [1], "caviar": range(1, 12), "hijackers": [1]}
REAL = {name: file for name, of in FOLDERS.items() if (file := real_file(f"{of}/edges.csv"))}


def test_every_likeness_has_its_network() -> None:
    assert FOLDERS.keys() == LIKE.keys()


@pytest.mark.parametrize("name", REAL)
def test_the_figures_are_those_of_the_real_network(name: str, tmp_path: Path) -> None:
    """Of several layers, such as the phases of Caviar, the mean."""
    like, files = LIKE[name], [REAL[name]]
    if name in LAYERS:
        files = [_layer(REAL[name], str(layer), tmp_path) for layer in LAYERS[name]]
    real = mean([measures(read_template(file, name)) for file in files])
    told = {key: value for key, value in asdict(like).items() if key != "size"}
    assert round(real["size"]) == like.size
    assert {key: round(real[key], 2) for key in told} == told


def _layer(edges: Path, layer: str, place: Path) -> Path:
    with edges.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["layer"] == layer]
    file = place / f"{layer}.csv"
    file.write_text("src,dst\n" + "".join(f"{row['src']},{row['dst']}\n" for row in rows))
    return file
