"""The volunteers' platform: its roll, the tasks it published and who took them."""

from __future__ import annotations

import hashlib

import numpy as np

from graphrisk_loaders.synth import keys
from graphrisk_loaders.synth.formats import local_times
from graphrisk_loaders.synth.registers.office import Office, picked

_SKILLS = ("急救", "驾驶", "心理疏导", "法律", "无")
_KINDS = ("巡查", "隐患排查", "防诈宣传", "助老", "寻人", "交通疏导")


def volunteers(office: Office) -> None:
    """Write the three files."""
    rng = office.chance("volunteer_tasks")
    count = len(office.city.tasks)
    tasks = [f"RW{serial:08d}" for serial in keys.distinct(rng, count, 8).tolist()]
    _roll(office)
    columns = {
        "任务编号": tasks,
        "任务类型": rng.choice(_KINDS, count).tolist(),
        "发布时间": local_times(office.city.tasks.column("at")),
        "需要人数": office.city.tasks.column("wanted").tolist(),
        "积分": office.city.tasks.column("points").tolist(),
        "网格编码": picked(office.files.cell_codes, office.city.tasks.column("cell")),
    }
    office.csv("volunteer_tasks.csv", rng, columns)
    _grabs(office, tasks)


def _roll(office: Office) -> None:
    rng, roll, numbers = office.chance("volunteers"), office.city.volunteers, office.files
    person = picked(numbers.person_ids, roll.column("person"))
    joined = local_times(roll.column("joined"))
    inviter = picked(numbers.volunteer_numbers, roll.column("inviter"))
    rows = [
        {
            "volunteer": numbers.volunteer_numbers[place],
            "person": person[place],
            "skills": str(rng.choice(_SKILLS)),
            "shares_position": bool(rng.random() < 0.85),
            "joined_on": joined[place][:10],
            "invited_by": inviter[place] or None,
        }
        for place in rng.permutation(len(roll)).tolist()
    ]
    office.json_lines("volunteers.jsonl", rows)


def _grabs(office: Office, tasks: list[str]) -> None:
    """In the order in which they were taken."""
    rng, grabs = office.chance("task_grabs"), office.city.grabs
    order = np.argsort(grabs.column("at"), kind="stable")
    serials = keys.distinct(rng, len(order), 10).tolist()
    columns = {name: grabs.column(name)[order].tolist() for name in ("at", "finished", "photo")}
    task = picked(tasks, grabs.column("task")[order])
    who = picked(office.files.volunteer_numbers, grabs.column("volunteer")[order])
    rows = [
        {
            "grab": f"QD{serials[place]:010d}",
            "task": task[place],
            "volunteer": who[place],
            "grabbed_at": columns["at"][place],
            "finished_at": columns["finished"][place],
            "photo_sha256": _digest(office.seed, columns["photo"][place]),
        }
        for place in range(len(order))
    ]
    office.json_lines("task_grabs.jsonl", rows)


def _digest(seed: int, photo: int) -> str:
    return hashlib.sha256(f"{seed} task photo {photo}".encode()).hexdigest()
