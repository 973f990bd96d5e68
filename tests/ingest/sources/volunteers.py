"""Samples of the volunteers' platform: the roll, the tasks, and who took them."""

from __future__ import annotations

from tests.ingest.sources.samples import Sample, office, system

GRABBED = 1_473_300_000_000

SAMPLES: dict[str, Sample] = {
    "volunteers": system(
        "volunteers.jsonl",
        {
            "volunteer": "ZY1",
            "person": "P4",
            "skills": "急救",
            "shares_position": True,
            "joined_on": "2016-05-01",
            "invited_by": None,
        },
        [
            {"volunteer": "ZY2", "person": "P5", "shares_position": False, "invited_by": "ZY1"},
            {"volunteer": "ZY3", "shares_position": "也许"},
        ],
        "shares_position",
        "not yes or no",
    ),
    "volunteer_tasks": office(
        "volunteer_tasks.csv",
        """\
        任务编号,任务类型,发布时间,需要人数,积分,网格编码
        RW1,防诈宣传,2016-09-08 09:00:00,6,20,G1
        RW2,巡查,2016-09-08 10:00:00,2,10,G2
        RW3,巡查,2016-09-08 11:00:00,若干,10,G2
        """,
        "需要人数",
        "not a whole number",
    ),
    "task_grabs": system(
        "task_grabs.jsonl",
        {
            "grab": "QD1",
            "task": "RW1",
            "volunteer": "ZY1",
            "grabbed_at": GRABBED,
            "finished_at": GRABBED + 3_600_000,
            "photo_sha256": "cd" * 32,
        },
        [
            {"grab": "QD2", "volunteer": "ZY2", "grabbed_at": GRABBED + 4000},
            {"grab": "QD3", "task": None},
        ],
        "task",
        "missing",
    ),
}
