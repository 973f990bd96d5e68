"""The list of mutants stays true to the sources; running them is ``python -m scripts.mutation``."""

from __future__ import annotations

import pytest

from scripts.mutation import ROOT, Mutant, read_mutants


@pytest.mark.parametrize("mutant", read_mutants(), ids=lambda mutant: mutant.name)
def test_a_mutant_changes_one_decision_that_is_there(mutant: Mutant) -> None:
    changed = mutant.source(ROOT)
    assert changed != (ROOT / mutant.file).read_text(encoding="utf-8")
    for test in mutant.tests:
        assert (ROOT / test.partition("::")[0]).exists(), test
