"""Every source of the city: good rows come in, a bad one is set aside, again changes nothing."""

from __future__ import annotations

import pytest

from graphrisk_loaders.parser import builtin_mappings
from tests.ingest.factory import Desk, rejects
from tests.ingest.sources.every import SAMPLES

#: Loaded row by row in tests of their own: the registers of the spine, and public data sets.
ELSEWHERE = {
    *("accounts", "areas", "calls", "grid_cells", "persons", "phones", "scam_numbers"),
    *("transfers", "amlsim", "montagna_meetings", "montagna_phonecalls", "noordin", "sichuan"),
}


def test_every_source_has_a_sample() -> None:
    assert {mapping.name for mapping in builtin_mappings()} == SAMPLES.keys() | ELSEWHERE


@pytest.mark.parametrize("name", SAMPLES)
def test_good_rows_come_in_and_the_bad_one_is_set_aside_with_place_and_reason(
    desk: Desk, name: str
) -> None:
    sample = SAMPLES[name]
    sample.deliver(desk)
    (report,) = desk.load().files
    assert (report.mapping, report.error, report.rejected) == (name, None, 1)
    assert report.loaded == report.rows - 1 > 0
    (bad,) = rejects(report)
    assert (bad["file"], bad["line"], bad["column"]) == (sample.file, sample.line, sample.column)
    assert bad["reason"].startswith(sample.reason)


@pytest.mark.parametrize("name", SAMPLES)
def test_loading_a_source_again_changes_nothing(desk: Desk, name: str) -> None:
    SAMPLES[name].deliver(desk)
    first = desk.load()
    again = desk.load()
    assert (again.files[0].loaded, again.files[0].closed) == (0, 0)
    assert again.files[0].unchanged == first.files[0].loaded
    assert again.version == first.version
