"""Samples of what banks know of their customers beside accounts."""

from __future__ import annotations

from tests.ingest.sources.samples import Sample, office

SAMPLES: dict[str, Sample] = {
    "emergency_contacts": office(
        "emergency_contacts.csv",
        """\
        客户,紧急联系电话
        P1,8613800000001
        P2,8613800000001
        P3,
        """,
        "紧急联系电话",
        "missing",
    ),
}
