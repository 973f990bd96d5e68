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
    "tenancies": office(
        "tenancies.csv",
        """\
        合同备案号,承租人,地址编码,月租金,起租日期,到期日期
        ZL1,P3,D2,"1,800.00",2016年3月1日,2017年3月1日
        ZL2,P4,D1,2500,2016年8月15日,
        ZL3,P4,D2,2500,2016年8月15日,2015年8月15日
        """,
        "到期日期",
        "ends before it begins",
    ),
}
