"""Samples of departments that share certificates, vessels, places and cameras."""

from __future__ import annotations

from tests.ingest.sources.samples import Sample, office, workbook

_NO_TIME = "not a time like %Y年%m月%d日"
_PLACE = "机构代码,机构名称,类别,电话,经度,纬度,网格编码"

SAMPLES: dict[str, Sample] = {
    "elderly_cards": office(
        "elderly_cards.csv",
        """\
        证号,持证人,发证日期
        1001,P1,2015年10月1日
        1002,P2,去年
        """,
        "发证日期",
        _NO_TIME,
    ),
    "allowances": workbook(
        "allowances.xlsx",
        "低保证",
        """\
        证号,持证人,月补助金额,发证日期,有效期至
        1001,P1,560.50,2016年1月1日,2017年1月1日
        1002,P2,560.50,2017年1月1日,2016年1月1日
        """,
        "有效期至",
        "ends before it begins",
    ),
    "vessels": office(
        "vessels.csv",
        """\
        渔船编号,船名,作业类型,总吨位,船主
        350200001,闽厦渔00001,刺网,12.5,P1
        350200002,闽厦渔00002,刺网,12.5,
        """,
        "船主",
        "missing",
    ),
    "health_facilities": office(
        "health_facilities.csv",
        f"""\
        {_PLACE}
        YL1,江头卫生服务中心,社区卫生服务中心,0592-1,118.1,24.5,G1
        YL2,湖里诊所,诊所,0592-2,118.1,24.5,
        """,
        "网格编码",
        "missing",
    ),
    "schools": office(
        "schools.csv",
        f"""\
        {_PLACE}
        XX1,湖里第一小学,小学,0592-3,118.2,24.6,G2
        XX2,湖里第二小学,小学,0592-4,118.2,北纬24度,G2
        """,
        "纬度",
        "not a finite number",
    ),
    "cameras": Sample(
        "cameras.csv",
        b"camera_id,lon,lat,grid_code,facility\n"
        b"SX1,118.2,24.6,G2,XX1\n"
        b"SX2,118.1,24.5,G1,\n"
        b"SX3,118.1,,,XX1\n",
        line=4,
        column="lat",
        reason="missing",
    ),
}
