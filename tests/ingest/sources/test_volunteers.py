"""Who is a volunteer, who brought whom, and who took which task when."""

from __future__ import annotations

from tests.ingest.factory import Desk
from tests.ingest.sources.seen import deliver, ends, local, ties, told
from tests.ingest.sources.volunteers import GRABBED, SAMPLES


def test_a_volunteer_is_a_person_who_may_have_refused_to_share_the_position(desk: Desk) -> None:
    deliver(desk, SAMPLES)
    assert ends(desk, "Person", "P4", "ENROLLED_AS") == {"ZY1"}
    assert told(desk, "Volunteer", "ZY1")["shares_position"] is True
    assert told(desk, "Volunteer", "ZY2")["shares_position"] is False


def test_a_volunteer_was_brought_by_another_one_or_came_by_himself(desk: Desk) -> None:
    deliver(desk, SAMPLES)
    assert ends(desk, "Volunteer", "ZY1", "INVITED") == {"ZY2"}
    (tie,) = ties(desk, "Volunteer", "ZY1", "INVITED")
    assert tie["valid_from"] == local("2016-05-01")


def test_a_task_lies_in_a_cell_and_tells_what_is_wanted(desk: Desk) -> None:
    deliver(desk, SAMPLES)
    assert ends(desk, "Task", "RW1", "LOCATED_IN") == {"G1"}
    task = told(desk, "Task", "RW1")
    assert (task["kind"], task["wanted"], task["points"]) == ("防诈宣传", 6, 20)
    assert task["published_at"] == local("2016-09-08") + 9 * 3_600_000


def test_every_grab_is_an_event_with_its_moment_and_its_proof(any_desk: Desk) -> None:
    deliver(any_desk, SAMPLES)
    assert ends(any_desk, "Volunteer", "ZY1", "GRABBED") == {"RW1"}
    (grab,) = ties(any_desk, "Volunteer", "ZY2", "GRABBED")
    assert (grab["at"], grab["finished_at"]) == (GRABBED + 4000, GRABBED + 3_600_000)
    assert grab["photo"] == "cd" * 32
