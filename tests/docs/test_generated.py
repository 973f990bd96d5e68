"""Generated files say what the sources say; ``make docs`` brings them up to date."""

from __future__ import annotations

import pytest

from scripts.generate import ROOT, generated


@pytest.mark.parametrize("name", [str(file.relative_to(ROOT)) for file in generated()])
def test_generated_file_is_up_to_date(name: str) -> None:
    file = ROOT / name
    assert file.read_text(encoding="utf-8") == generated()[file](), "run: make docs"
