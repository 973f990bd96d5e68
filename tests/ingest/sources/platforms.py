"""Samples of the finance office, of a lending platform's books and of its custodian bank."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from tests.ingest.sources.firms import FIRM, MANAGER
from tests.ingest.sources.samples import Sample, office, system, table

_SIGNED = datetime(2016, 9, 1, 2, 30, tzinfo=UTC)

SAMPLES: dict[str, Sample] = {
    "platforms": system(
        "platforms.jsonl",
        {
            "platform": "PT1",
            "name": "隆泰贷",
            "site": "www.pt1.example",
            "trade": "网络借贷",
            "operator": MANAGER,
            "custody_account": "6229990001",
            "status": "正常运营",
            "started_on": "2014-12-01",
        },
        [
            {
                "platform": "PT2",
                "name": "隆泰宝",
                "trade": "财富管理",
                "custody_account": None,
            },
            {"platform": "PT3", "operator": "91350100M000100Y44"},
        ],
        "operator",
        "not a unified social credit code",
    ),
    "bids": system(
        "bids.jsonl",
        {
            "bid": "BD1",
            "platform": "PT1",
            "title": "个人消费借款",
            "person": "P1",
            "company": None,
            "amount_yuan": "20000.00",
            "rate": 0.12,
            "months": 12,
            "opened_at": "2016-09-01 10:00:00",
        },
        [
            {"bid": "BD2", "title": "流动资金借款", "person": None, "company": FIRM},
            {"bid": "BD3", "amount_yuan": "2万"},
        ],
        "amount_yuan",
        "not an amount in yuan",
    ),
    "contracts": table(
        "contracts.parquet",
        {
            "contract": ["HT1", "HT2", "HT3"],
            "bid": ["BD1", "BD1", ""],
            "lender": ["P2", "P3", "P3"],
            "amount": [Decimal("5000.00"), Decimal("15000.00"), Decimal("1.00")],
            "signed_at": [_SIGNED] * 3,
        },
        "bid",
        "missing",
    ),
    "repayments": Sample(
        "repayments.csv",
        b"serial,bid,contract,paid_at,amount_yuan\n"
        b"HK1,BD1,HT1,2016-10-01 09:00:00,450.25\n"
        b"HK2,BD1,HT2,,1.00\n",
        line=3,
        column="paid_at",
        reason="missing",
    ),
    "custodian_entries": office(
        "custodian_entries.csv",
        """\
        流水号,客户账号,合同编号,交易类型,金额,记账时间
        CG1,6220002,HT1,出借,"5,000.00",2016-09-01 10:31:00
        CG2,6220002,HT1,还款,450.25,2016-10-01 09:05:00
        CG3,6220003,HT2,转让,1.00,2016-10-01 09:05:00
        """,
        "交易类型",
        "not one of 出借, 还款",
    ),
}
