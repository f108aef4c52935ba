"""Work that the database let down in a living process."""

import asyncio
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.engine.quiet import SPACING, Spaced
from bot.engine.stranded import Stranded, UnderWay


@dataclass
class Queue:
    left: dict[str, str] = field(default_factory=dict)
    again: list[str] = field(default_factory=list)

    async def pending(self) -> dict[str, str]:
        return self.left

    async def queue_again(self, ids: Sequence[str]) -> None:
        self.again += ids


async def test_what_is_ours_and_does_not_run_is_queued_again_at_the_second_look() -> None:
    queue, under_way = Queue({"lost": "me", "runs": "me", "theirs": "other"}), UnderWay()
    stranded = Stranded(queue, "me", under_way)
    with under_way.holding("runs"):
        await stranded.queue_again()
        assert queue.again == []
        await stranded.queue_again()
    assert queue.again == ["lost"]


async def test_what_has_just_ended_is_left_alone() -> None:
    queue, under_way = Queue({"ends": "me"}), UnderWay()
    stranded = Stranded(queue, "me", under_way)
    await stranded.queue_again()
    queue.left = {}
    await stranded.queue_again()
    queue.left = {"ends": "me"}
    await stranded.queue_again()
    assert queue.again == []


def test_a_warning_that_comes_at_every_poll_is_logged_once_in_a_while() -> None:
    now = [0.0]
    spaced = Spaced(lambda: now[0])

    def passes(line: int) -> bool:
        return spaced.filter(logging.LogRecord("dbos", 30, "queue.py", line, "", None, None))

    assert [passes(1), passes(1), passes(2), passes(1)] == [True, False, True, False]
    now[0] += SPACING
    assert [passes(1), passes(1)] == [True, False]


@pytest.mark.parametrize("table", ["operation_outputs", "workflow_output"])
async def test_work_ends_well_though_the_disk_was_full_as_its_end_was_written(
    tmp_path: Path, table: str
) -> None:
    """What came of the step cannot be written, or it can, and the end of the work cannot."""
    script = "tests.engine.let_down"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", script, str(tmp_path / "engine.sqlite"), table,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        said, _ = await asyncio.wait_for(process.communicate(), 60)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert said.decode().split() == ["SUCCESS", "1"], "ended, and done once"
