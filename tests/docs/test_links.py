"""Links lead somewhere, and what pages tell a reader to type exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from textwrap import indent

import pytest
import typer.main

from graphrisk.cli.app import app
from scripts.generate import ROOT

_FOLDERS = (".github", "docs", "schema", "loaders", "algorithms", "graphrisk", "tests")
PAGES = sorted([*ROOT.glob("*.md"), *(p for d in _FOLDERS for p in (ROOT / d).rglob("*.md"))])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
#: A command on an indented line, or between backticks.
_COMMAND = re.compile(r"^ {4}\$?\s*(graphrisk [a-z].*)$|`(graphrisk [a-z][^`]*)`", re.MULTILINE)
_MAKE = re.compile(r"^ {4}\$?\s*make (\S+)|`make (\S+?)`", re.MULTILINE)


def _text(name: str) -> str:
    """The page, with fenced blocks indented instead."""
    page = (ROOT / name).read_text(encoding="utf-8")
    return _FENCED.sub(lambda block: indent(block.group(1), "    "), page)


def _anchors(page: Path) -> set[str]:
    """Headings as GitHub names them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    kept = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings]
    return {heading.replace(" ", "-") for heading in kept}


@pytest.mark.parametrize("name", NAMES)
def test_relative_links_lead_somewhere(name: str) -> None:
    broken = []
    for link in _LINK.findall(_text(name)):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (ROOT / name).parent / file if file else ROOT / name
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("name", NAMES)
def test_commands_and_options_exist(name: str) -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    wrong = []
    for line in ("".join(found) for found in _COMMAND.findall(_text(name))):
        words = shlex.split(line.partition(" #")[0].partition(" [OPTIONS]")[0])
        if words[1] not in commands:
            wrong.append(line)
            continue
        command, place = commands[words[1]], 2
        below = getattr(command, "commands", {})
        if below and len(words) > 2:
            if words[2] not in below:
                wrong.append(line)
                continue
            command, place = below[words[2]], 3
        known = {option for p in command.params for option in p.opts} | {"--help"}
        wrong += [line for word in words[place:] if word.startswith("--") and word not in known]
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_make_targets_exist(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z0-9-]+):", makefile, re.MULTILINE))
    named = {"".join(found) for found in _MAKE.findall(_text(name))}
    assert named - targets == set()


def test_every_target_of_the_makefile_says_what_it_does() -> None:
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if re.match(r"[a-z0-9-]+:", line):
            assert lines[number - 1].startswith("# "), line
