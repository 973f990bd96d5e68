"""Samples of market regulation, civil affairs and fund supervision."""

from __future__ import annotations

from tests.ingest.sources.samples import Sample, office, system, workbook

#: Made-up codes with the check signs that belong to them.
FIRM, MANAGER, CLUB = "92350200MA0000000N", "91350100M000100Y43", "91350200000000001R"
_WRONG = "91350100M000100Y44"
_NOT_A_CODE = "not a unified social credit code"

SAMPLES: dict[str, Sample] = {
    "reviews": system(
        "reviews.jsonl",
        {
            "review": "PJ1",
            "reviewer": "P1",
            "shop": FIRM,
            "stars": 5,
            "characters": 31,
            "written_at": 1_473_300_000_000,
        },
        [
            {"review": "PJ2", "reviewer": "P2", "stars": 1},
            {"review": "PJ3", "stars": "很好"},
        ],
        "stars",
        "not a whole number",
    ),
    "companies": office(
        "companies.csv",
        f"""\
        统一社会信用代码,名称,类型,登记状态,成立日期,注册资本,经营范围,法定代表人,登记地址
        {FIRM.lower()},厦门鑫海贸易公司,有限责任公司,存续,2015年3月9日,"1,000,000.00",百货,P1,D1
        {MANAGER},厦门隆泰投资公司,股份有限公司,存续,2014年11月30日,5000000,财富管理,P2,
        {_WRONG},厦门恒瑞,有限责任公司,存续,2014年11月30日,1,建材,P2,D1
        """,
        "统一社会信用代码",
        _NOT_A_CODE,
    ),
    "legal_persons": workbook(
        "legal_persons.xlsx",
        "法人名录",
        f"""\
        统一社会信用代码,名称,法人类型,状态,负责人,登记地址
        {CLUB},厦门市棋类协会,社会团体,正常,P1,D2
        {_WRONG},厦门市书画协会,社会团体,正常,P1,D2
        """,
        "统一社会信用代码",
        _NOT_A_CODE,
    ),
    "shareholders": office(
        "shareholders.csv",
        f"""\
        统一社会信用代码,股东,认缴出资额,持股比例,认缴日期
        {FIRM},P1,600000.00,0.6,2015年3月9日
        {FIRM},P3,400000.00,0.4,2016年1月1日
        {FIRM},P4,1.00,六成,2016年1月1日
        """,
        "持股比例",
        "not a finite number",
    ),
    "private_funds": system(
        "private_funds.jsonl",
        {
            "fund_no": "SX0001",
            "name": "稳健1号",
            "manager": MANAGER,
            "filed_on": "2015-06-01",
            "size_yuan": "30000000.00",
        },
        [
            {"fund_no": "SX0002", "name": "稳健2号", "filed_on": None},
            {"fund_no": "SX0003", "filed_on": "2015-06-31"},
        ],
        "filed_on",
        "not a time like %Y-%m-%d",
    ),
    "fund_investors": office(
        "fund_investors.csv",
        """\
        基金编号,投资者,投资金额,合格投资者,确认日期
        SX0001,P1,1000000.00,是,2016年9月1日
        SX0001,P2,50000.00,否,2016年9月2日
        SX0001,P3,50000.00,待定,2016年9月2日
        """,
        "合格投资者",
        "not yes or no",
    ),
}
