"""The preset ``small`` as a deployment on SQLite holds it, with its rings found."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.factory import Deployment, Document, sqlite_deployment
from tests.once import made_once

SEED = "7"


@dataclass(frozen=True)
class Small:
    """Read only."""

    folder: Path

    @property
    def city(self) -> Path:
        """The files, as the departments deliver them."""
        return self.folder / "city"

    @property
    def deployment(self) -> Deployment:
        """Where they were loaded."""
        return sqlite_deployment(self.folder)

    @property
    def loaded(self) -> Document:
        """What the load reported."""
        return self._told("load")

    @property
    def evaluated(self) -> Document:
        """How many of the planted rings were found."""
        return self._told("evaluate")

    def copied(self, folder: Path) -> Deployment:
        """A deployment like it, to be changed."""
        for name in ("graph.db", "files"):
            one = self.folder / name
            (shutil.copytree if one.is_dir() else shutil.copyfile)(one, folder / name)
        return sqlite_deployment(folder)

    def _told(self, command: str) -> Document:
        told: Document = json.loads((self.folder / f"{command}.json").read_text("utf-8"))
        return told


def small_city(factory: pytest.TempPathFactory) -> Small:
    """Made by the command line, as a user would."""
    return Small(made_once(factory, "small-city", _make))


def _make(folder: Path) -> None:
    deployment, city = sqlite_deployment(folder), folder / "city"
    deployment.json("synth", "--preset", "small", "--seed", SEED, "--out", city)
    for words in (("load", city), ("detect",), ("evaluate", "--truth", city / "truth")):
        told = json.dumps(deployment.json(*words))
        (folder / f"{words[0]}.json").write_text(told, encoding="utf-8")
