"""Samples of public security and of the banks' answers to it."""

from __future__ import annotations

from tests.ingest.sources.samples import Sample, office, system

SAMPLES: dict[str, Sample] = {
    "police_reports": office(
        "police_reports.csv",
        """\
        警情编号,诈骗类别,报警时间,报警人,涉案号码,涉案账户,损失金额,受理单位,简要案情
        A1,公检法,2016年9月5日 14时03分,P1,86138001,6220001,"12,000.50",350206001P1,转“安全账户”
        A2,网络购物,2016年09月06日 08时30分,P2,,,80.00,350206001P1,
        A3,网络购物,2016年09月31日 08时30分,P2,,,80.00,350206001P1,
        """,
        "报警时间",
        "not a time like %Y年%m月%d日 %H时%M分",
    ),
    "police_stations": office(
        "police_stations.csv",
        """\
        单位代码,单位名称,值班电话,经度,纬度,网格编码
        350206001P1,湖里派出所,0592-1234567,118.1,24.5,3502060010010001
        350206002P1,江头派出所,0592-1234568,东经118度,24.5,3502060020010001
        """,
        "经度",
        "not a finite number",
    ),
    "observations": office(
        "observations.csv",
        """\
        人员甲,人员乙,会面次数,首次会面
        P1,P2,3,2016年9月5日
        P2,P3,1,2016年09月06日
        P1,P3,几次,2016年09月06日
        """,
        "会面次数",
        "not a finite number",
    ),
    "freeze_answers": system(
        "freeze_answers.jsonl",
        {
            "answer": "ZF1",
            "report": "A1",
            "kind": "止付",
            "result": "部分",
            "account": "6220001",
            "stopped_account": "6220001",
            "ordered_at": "2016-09-05 14:10:00",
            "answered_at": "2016-09-05 14:20:00",
            "lapses_at": "2016-09-07 14:20:00",
            "asked_yuan": "12000.50",
            "held_yuan": "7000.00",
        },
        [
            {
                "answer": "ZF2",
                "result": "失败",
                "held_yuan": "0",
                "account": "6220002",
                "stopped_account": None,
            },
            {"answer": "ZF3", "kind": "扣划"},
        ],
        "kind",
        "not one of 止付, 冻结",
    ),
}
