"""Samples of housing and households."""

from __future__ import annotations

from tests.ingest.sources.samples import Sample, office

SAMPLES: dict[str, Sample] = {
    "addresses": office(
        "addresses.csv",
        """\
        address_code,address,lon,lat
        D1,No. 15 Room 302,118.105687,24.497676
        D2,No. 17,,
        D3,No. 19,118.105687,
        """,
        "lat",
        "missing: a position has both",
    ),
    "households": office(
        "households.csv",
        """\
        person_id,address_code
        P1,D1
        P2,D1
        P3,
        """,
        "address_code",
        "missing",
    ),
}
