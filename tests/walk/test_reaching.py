"""What a bot finds out about its clouds when it starts."""

import pytest

from bot.divert.reaching import reach_all
from sandbox.cloud.kinds import Kind
from tests.walk.stage import Stage


async def test_a_credential_that_is_refused_is_told_to_the_project_s_channel_once_a_day(
    stage: Stage,
) -> None:
    before = await told_times(stage)
    await stage.cloud.override(
        Kind.LIST_PHONES, calls=len(stage.bot.world.projects), refuse_call_code="CPS.0006"
    )
    await reach_all(stage.bot.world)
    told = await stage.slack.wait_for("message", channel="C0OPS", text="I cannot use project quick")
    assert "CPS.0006" in told["text"]
    assert "balance" in told["text"]
    await stage.cloud.override(
        Kind.LIST_PHONES, calls=len(stage.bot.world.projects), refuse_call_code="CPS.0006"
    )
    await reach_all(stage.bot.world)
    await stage.says("/cph status")
    assert await told_times(stage) <= before + 1


async def told_times(stage: Stage) -> int:
    seen = await stage.bob.sees("C0OPS")
    return sum("I cannot use project quick" in one["text"] for one in seen)


async def test_where_all_is_well_nothing_is_said(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    await reach_all(stage.bot.world)
    assert [one for one in caplog.records if one.name == "bot.divert.reaching"] == []
