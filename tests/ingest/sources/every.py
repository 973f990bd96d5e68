"""A sample of every source that a department owns."""

from __future__ import annotations

from tests.ingest.sources import (
    banks,
    departments,
    firms,
    grid,
    housing,
    papers,
    platforms,
    police,
    tags,
    volunteers,
)
from tests.ingest.sources.samples import Sample

SAMPLES: dict[str, Sample] = {
    **banks.SAMPLES,
    **housing.SAMPLES,
    **police.SAMPLES,
    **firms.SAMPLES,
    **platforms.SAMPLES,
    **papers.SAMPLES,
    **tags.SAMPLES,
    **departments.SAMPLES,
    **grid.SAMPLES,
    **volunteers.SAMPLES,
}
