"""Whose turn it is: partitions of projects, and of the callers that the cloud counts."""

import pytest

from bot.divert.transaction import Run, Start
from bot.divert.turns import by_caller, looks, project_of, reads

CALLERS = {"beta": "alpha", "beta/2": "alpha"}


def caller(project: str) -> str:
    return CALLERS.get(project, project)


@pytest.mark.parametrize("project", ["alpha", "beta", "beta/2"])
def test_a_partition_tells_its_project(project: str) -> None:
    partitions = (project, reads(project), looks(project))
    assert len(set(partitions)) == 3
    assert [project_of(partition) for partition in partitions] == [project] * 3


@pytest.mark.parametrize("project", ["alpha", "beta", "beta/2"])
@pytest.mark.parametrize(
    ("run", "whose"),
    [(Run.SEND, ""), (Run.PLAN, "/read"), (Run.FOLLOW, "/read"), (Run.LOOK, "/look")],
)
def test_work_on_the_cloud_waits_for_its_callers_other_projects(
    project: str, run: Run, whose: str
) -> None:
    start = Start(run, "D-1", f"{project}{whose}", "key", "0.1", 2.0, {"a": "b"})
    assert by_caller(start, caller) == Start(
        run, "D-1", f"alpha{whose}", "key", "0.1", 2.0, {"a": "b"}
    )


@pytest.mark.parametrize("run", [Run.POST, Run.DECIDE])
def test_a_channel_is_no_project(run: Run) -> None:
    start = Start(run, "D-1", "beta", "key")
    assert by_caller(start, caller) is start
