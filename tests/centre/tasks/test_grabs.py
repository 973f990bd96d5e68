"""Many grab at once: each task has one winner, and everybody is told the truth."""

from __future__ import annotations

import random
import threading
from collections import Counter
from itertools import cycle

from graphrisk.centre.tasks.service import Tasks
from graphrisk.core.calendar import Calendar
from graphrisk.core.errors import Conflict
from tests.centre.tasks.office import DISPATCHER, VILLAGE, WORK, Office, fresh, order, person
from tests.effort import effort

GRABBERS, TASKS = effort(16, 64), effort(25, 1_000)


def test_of_all_who_grab_a_task_one_gets_it(office: Office) -> None:
    tasks = [order() for _ in range(TASKS)]
    for start in range(0, TASKS, 500):
        office.tasks.create(DISPATCHER, WORK, tasks[start : start + 500], fresh())
    ours = (office.database, office.clock, Calendar(), office.audit, office.deadlines)
    processes = [Tasks(*ours) for _ in range(4)]  # who grabs in one of them shares transactions
    won: list[tuple[str, str]] = []
    lost: Counter[str] = Counter()
    begin = threading.Barrier(GRABBERS)

    def grab(name: str, here: Tasks) -> None:
        who, chance = person(name, "grid_worker", area=VILLAGE), random.Random(name)
        mine = [task.task_id for task in tasks]
        chance.shuffle(mine)
        begin.wait()
        for task_id in mine:
            try:
                here.grab(who, WORK, task_id, fresh())
            except Conflict:
                lost[name] += 1
            else:
                won.append((task_id, name))

    names = [f"worker{number}" for number in range(GRABBERS)]
    threads = [
        threading.Thread(target=grab, args=(name, process))
        for name, process in zip(names, cycle(processes), strict=False)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(task_id for task_id, _ in won) == sorted(task.task_id for task in tasks)
    assert len(won) + sum(lost.values()) == GRABBERS * TASKS, "nobody was left without an answer"
    kept = {}
    for task_id, _ in won:
        task = office.lists.one(DISPATCHER, WORK, task_id)
        assert [one.step.action for one in task.steps] == ["offer", "grab"]
        kept[task_id] = task.assignee
    assert kept == dict(won)
