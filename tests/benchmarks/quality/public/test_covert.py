"""Networks laid over a city: one city, what is found in it, and what is no such set."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.quality.public import covert
from benchmarks.quality.public.formats import FORMATS, run
from graphrisk.core.errors import BadInput
from graphrisk_loaders.synth.growth import grown


def _networks(folder: Path, count: int) -> None:
    rng = np.random.default_rng(11)
    for number in range(count):
        net = grown(rng, "covert_cell", (14, 18))
        place = folder / f"net{number}"
        place.mkdir(parents=True)
        with (place / "edges.csv").open("w", newline="", encoding="utf-8") as stream:
            rows = csv.writer(stream)
            rows.writerow(("layer", "src", "dst", "w"))
            ties = zip(net.src.tolist(), net.dst.tolist(), net.weight.tolist(), strict=True)
            rows.writerows((0, *tie) for tie in ties)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the format says of three networks laid over a small city."""
    folder = tmp_path_factory.mktemp("covert")
    _networks(folder / "nets", 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(covert, "PRESET", "small")
        patch.delenv("GRAPHRISK_LONG", raising=False)
        return run("covert", folder)


def test_most_of_what_talks_on_second_numbers_is_found(found: Any) -> None:
    rows = {row["what"]: row for row in found[0]["rows"]}
    assert rows["all networks, mean"]["figures"]["any finding"]["mean"] >= 0.6


def test_networks_are_laid_over_a_city_and_found_again(found: Any) -> None:
    assert [one["set"] for one in found] == ["nets"]
    rows = {row["what"]: row for row in found[0]["rows"]}
    assert set(rows) == {"all networks, mean", "net0", "net1", "net2"}
    whole = rows["all networks, mean"]
    assert whole["seeds"] == [1]
    cells, first, anything = (
        whole["figures"][name]["mean"]
        for name in ("first K cells", "Jaccard, first K", "any finding")
    )
    assert first <= anything
    assert cells <= anything
    assert 0.0 < whole["baselines"]["some community of plain Leiden"]["any finding"] < 1.0
    alone = [rows[f"net{one}"]["figures"]["any finding"]["mean"] for one in range(3)]
    assert np.mean(alone) == pytest.approx(anything, abs=1e-3)
    assert min(alone) >= 0.4, "everybody has second numbers, and each of them is found"


def test_a_set_is_a_folder_of_networks_and_no_single_edge_list(tmp_path: Path) -> None:
    _networks(tmp_path / "nets", 2)
    assert FORMATS["covert"].sets(tmp_path) == [tmp_path / "nets"]
    assert FORMATS["covert"].sets(tmp_path / "nets") == [tmp_path / "nets"]
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "edges.csv").write_text("src,dst\n1,2\n", encoding="utf-8")
    with pytest.raises(BadInput, match="no such file"):
        run("covert", tmp_path / "other")


def test_an_edge_list_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    _networks(tmp_path / "nets", 2)
    file = tmp_path / "nets" / "net1" / "edges.csv"
    file.write_text("layer,src,dst,w\n0,1,1,1\n", encoding="utf-8")
    with pytest.raises(BadInput, match="no tie"):
        run("covert", tmp_path)
