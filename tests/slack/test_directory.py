"""Who people are, by their id, as Slack says it now or said it a minute ago."""

import pytest

from bot.divert.failures import LookupFailed
from bot.divert.policy import Person
from bot.slack.directory import CACHED, SlackDirectory, as_person
from bot.slack.web import Web
from sandbox.slack.app import Served
from sandbox.slack.driver import SlackDriver

GROUPS = frozenset({"S0OPS", "S0APPROVE"})


class Watch:
    """A clock that stands until it is moved; seconds."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def directory(web: Web, watch: Watch) -> SlackDirectory:
    return SlackDirectory(web.client, "T0SANDBOX", watch)


async def asked(slack: SlackDriver) -> list[str]:
    return sorted(call["method"] for call in await slack.calls())


async def test_a_person_comes_with_the_groups_they_are_in(directory: SlackDirectory) -> None:
    carol = await directory.person("U0CAROL", GROUPS, fresh=True)
    groups = frozenset({"S0APPROVE"})
    assert carol == Person("U0CAROL", "T0SANDBOX", groups, locale="zh-CN")


@pytest.mark.parametrize(
    ("user", "word"),
    [("U0GUEST", "guest"), ("U0GONE", "deactivated"), ("U0OUT", "external"), ("U0BOT", "bot")],
)
async def test_each_kind_of_person_that_may_nothing_is_known(
    directory: SlackDirectory, user: str, word: str
) -> None:
    person = await directory.person(user, GROUPS, fresh=True)
    flags = ("guest", "deactivated", "external", "bot")
    assert [flag for flag in flags if getattr(person, flag)] == [word]


async def test_nobody_slack_knows_is_a_stranger(directory: SlackDirectory) -> None:
    assert (await directory.person("U0NOBODY", GROUPS, fresh=True)).external


async def test_an_answer_is_good_for_a_minute(
    directory: SlackDirectory, slack: SlackDriver, watch: Watch
) -> None:
    await directory.person("U0ALICE", GROUPS, fresh=False)
    watch.now = CACHED - 1
    await directory.person("U0ALICE", GROUPS, fresh=False)
    assert await asked(slack) == ["usergroups.users.list"] * 2 + ["users.info"]
    watch.now = CACHED
    await directory.person("U0ALICE", GROUPS, fresh=False)
    assert len(await asked(slack)) == 6


async def test_a_language_is_remembered_and_nobody_is_asked_for_it(
    directory: SlackDirectory, slack: SlackDriver, watch: Watch
) -> None:
    assert directory.locale("U0CAROL") == ""
    await directory.person("U0CAROL", GROUPS, fresh=False)
    watch.now = CACHED * 100
    calls = await asked(slack)
    assert directory.locale("U0CAROL") == "zh-CN"
    assert await asked(slack) == calls


async def test_a_fresh_look_passes_the_cache(
    directory: SlackDirectory, slack: SlackDriver, served: Served
) -> None:
    await directory.person("U0ALICE", GROUPS, fresh=False)
    served.workspace.groups["S0OPS"].users.clear()
    served.workspace.users["U0ALICE"].deleted = True
    assert (await directory.person("U0ALICE", GROUPS, fresh=False)).groups == {"S0OPS"}
    alice = await directory.person("U0ALICE", GROUPS, fresh=True)
    assert (alice.groups, alice.deactivated) == (frozenset(), True)
    assert len(await asked(slack)) == 6


async def test_an_empty_group_is_remembered_too(
    directory: SlackDirectory, slack: SlackDriver, served: Served
) -> None:
    served.workspace.groups["S0OPS"].users.clear()
    for _ in range(2):
        await directory.person("U0ALICE", frozenset({"S0OPS"}), fresh=False)
    assert await asked(slack) == ["usergroups.users.list", "users.info"]


async def test_a_group_that_is_gone_has_no_members(directory: SlackDirectory) -> None:
    alice = await directory.person("U0ALICE", GROUPS | {"S0GONE"}, fresh=True)
    assert alice.groups == {"S0OPS"}


@pytest.mark.parametrize("method", ["users.info", "usergroups.users.list"])
@pytest.mark.parametrize("error", ["missing_scope", "internal_error", "plan_upgrade_required"])
async def test_no_answer_is_no_decision(
    directory: SlackDirectory, slack: SlackDriver, method: str, error: str
) -> None:
    await slack.fault("error", method=method, error=error, times=4)
    with pytest.raises(LookupFailed, match=error):
        await directory.person("U0ALICE", GROUPS, fresh=True)


@pytest.mark.parametrize("method", ["users.info", "usergroups.users.list"])
async def test_one_answer_that_does_not_come_is_asked_for_again(
    directory: SlackDirectory, slack: SlackDriver, method: str
) -> None:
    await slack.fault("status", method=method, status=503, times=1)
    assert (await directory.person("U0ALICE", GROUPS, fresh=True)).groups == {"S0OPS"}


async def test_a_wait_that_slack_asks_for_and_nobody_has_is_no_answer(
    directory: SlackDirectory, slack: SlackDriver
) -> None:
    await slack.fault("ratelimited", method="users.info", retry_after=60, times=1)
    with pytest.raises(LookupFailed, match="ratelimited"):
        await directory.person("U0ALICE", GROUPS, fresh=True)


async def test_a_failed_look_is_not_remembered(
    directory: SlackDirectory, slack: SlackDriver
) -> None:
    await slack.fault("status", method="users.info", status=503, times=2)
    with pytest.raises(LookupFailed):
        await directory.person("U0ALICE", GROUPS, fresh=False)
    assert (await directory.person("U0ALICE", GROUPS, fresh=False)).groups == {"S0OPS"}


def test_people_of_another_workspace_of_the_same_organisation_belong_if_they_are_in_ours() -> None:
    teams = {"teams": ["T0THEIRS", "T0OURS"]}
    user = {"id": "W1", "team_id": "T0THEIRS", "enterprise_user": teams}
    assert not as_person(user, "T0OURS").external
    assert as_person(user, "T0ELSE").external


def test_slackbot_and_workflows_are_bots() -> None:
    assert as_person({"id": "USLACKBOT", "team_id": "T"}, "T").bot
    assert as_person({"id": "U1", "team_id": "T", "is_workflow_bot": True}, "T").bot


def test_who_has_no_team_is_external() -> None:
    assert as_person({"id": "U1"}, "T0OURS").external
