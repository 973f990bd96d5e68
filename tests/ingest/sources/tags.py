"""Samples of services that tag numbers."""

from __future__ import annotations

from tests.ingest.sources.samples import Sample, office, system

TAGGED, REVOKED = 1_473_300_000_000, 1_473_400_000_000
FIRST = {
    "provider": "BJ01",
    "tag": "TG1",
    "number": "8613800000001",
    "mark": "疑似诈骗",
    "confidence": 0.83,
    "tagged_at": TAGGED,
    "revoked_at": None,
}

SAMPLES: dict[str, Sample] = {
    "tag_providers": office(
        "tag_providers.csv",
        """\
        服务商代码,名称,可信度
        BJ01,号码百科,B
        SH02,来电助手,完全可信
        """,
        "可信度",
        "not one of A, B, C, D, E, F",
    ),
    "third_party_tags": system(
        "third_party_tags.jsonl",
        FIRST,
        [
            {"provider": "SH02", "mark": "快递送餐"},
            {"tag": "TG2", "revoked_at": TAGGED - 1},
        ],
        "revoked_at",
        "ends before it begins",
    ),
}
