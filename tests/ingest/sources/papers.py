"""Samples of complaints, judgments and opinions."""

from __future__ import annotations

from tests.ingest.sources.firms import FIRM, MANAGER
from tests.ingest.sources.samples import Sample, office, system

SAMPLES: dict[str, Sample] = {
    "complaints": office(
        "complaints.csv",
        f"""\
        工单号,渠道,受理时间,投诉人,被投诉平台,被投诉企业,涉及金额,诉求内容
        TS1,12345热线,2016年9月8日 09时15分,P5,PT1,,30000.00,到期无法提现
        TS2,12315热线,2016年9月8日 9时20分,,,{FIRM},80.00,退货
        TS3,12315热线,2016年9月8日 9时20分,,,{FIRM},约八十元,退货
        """,
        "涉及金额",
        "not an amount in yuan",
    ),
    "judgments": system(
        "judgments.jsonl",
        {
            "case_no": "（2016）闽0206刑初00001号",
            "court": "湖里区人民法院",
            "cause": "非法吸收公众存款罪",
            "decided_on": "2016年5月6日",
            "amount_yuan": "1200000.00",
            "person": "P2",
            "company": MANAGER,
        },
        [{"case_no": "", "person": None}],
        "case_no",
        "missing",
    ),
    "opinions": system(
        "opinions.jsonl",
        {
            "id": "YQ1",
            "site": "厦门论坛",
            "title": "聊聊隆泰贷",
            "text": "保本保息，稳赚不赔",
            "published_at": 1473300000000,
            "reads": 1200,
            "platform": "PT1",
        },
        [
            {"id": "YQ2", "platform": None},
            {"id": "YQ3", "reads": "很多"},
        ],
        "reads",
        "not a whole number",
    ),
}
