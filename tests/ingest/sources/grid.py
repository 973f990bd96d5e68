"""Samples of the grid and of the public: responsibility, snap reports, detectors."""

from __future__ import annotations

from tests.ingest.sources.firms import FIRM
from tests.ingest.sources.samples import Sample, office, system

SEEN = 1_473_300_000_000

SAMPLES: dict[str, Sample] = {
    "area_changes": office(
        "area_changes.csv",
        """\
        原代码,现代码,变更日期
        350206101,350206005,2016年1月5日
        350206101001,350206005001,2016年1月5日
        350206102001,,2016年1月5日
        """,
        "现代码",
        "missing",
    ),
    "grid_workers": office(
        "grid_workers.csv",
        """\
        网格编码,人员,职责,任职日期,离任日期
        G1,P1,网格长,2015年1月1日,
        G1,P2,网格员,2015年1月1日,2016年9月1日
        G1,P3,网格员,2016年9月1日,
        G2,P3,志愿者,2016年9月1日,
        """,
        "职责",
        "not one of 网格长, 网格员, 协管员",
    ),
    "snap_reports": system(
        "snap_reports.jsonl",
        {
            "report": "SP1",
            "sender": "P1",
            "text": "店面张贴理财海报",
            "sent_at": SEEN,
            "photo_sha256": "ab" * 32,
            "lon": 118.1,
            "lat": 24.5,
            "grid_code": "G1",
            "shop": FIRM,
            "platform": "PT1",
            "poster_phone": "8613800000009",
        },
        [
            {
                "report": "SP2",
                "sender": None,
                "text": "井盖破损",
                "shop": None,
                "platform": None,
                "poster_phone": None,
            },
            {"report": "SP3", "shop": "湖里理财店"},
        ],
        "shop",
        "not a unified social credit code",
    ),
    "sensors": Sample(
        "sensors.csv",
        b"sensor_id,type,lon,lat,grid_code\nGZ1,water,118.1,24.5,G1\nGZ2,noise,118.1,24.5,G1\n",
        line=3,
        column="type",
        reason="not one of smoke, water",
    ),
    "sensor_events": system(
        "sensor_events.jsonl",
        {
            "event": "BJ1",
            "sensor": "GZ1",
            "alarm": "水位超限",
            "severity": 2,
            "at": SEEN,
            "grid_code": "G1",
        },
        [{"event": "BJ2", "sensor": None}],
        "sensor",
        "missing",
    ),
    "live_calls": system(
        "live_calls.jsonl",
        {"call": "L1", "from": "8613800000009", "to": "8613", "started_at": SEEN, "seconds": 30},
        [
            {"call": "L2", "started_at": SEEN + 1000, "seconds": 12},
            {"call": "L3", "seconds": "三十秒"},
        ],
        "seconds",
        "not a whole number",
    ),
}
