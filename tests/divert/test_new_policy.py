"""A policy that changes while the bot runs: who is told, and what is planned again."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection, select

from bot.divert.click import Verdict
from bot.divert.new_policy import Operators
from bot.divert.policy import Policy
from bot.divert.policy.changes import changes
from bot.divert.request import Request, State
from bot.divert.sentence import InThread, Post, ToChannel
from bot.divert.wording import words_in
from bot.slack.mrkdwn import joined
from bot.store.tables import audit
from tests.divert.state_machine.life import HOME
from tests.divert.state_machine.people import ALICE, BOB, CAROL, DAN, policy_with
from tests.divert.state_machine.stage import Stage

WORDS = words_in("en")
ALARM = "C0ALARM"
NEW = policy_with(frozenset({BOB, CAROL}))


def operators(stage: Stage, host: str = "host-7") -> Operators:
    return Operators(replace(stage.life.world, operators_channel=ALARM), host)


def put_in_force(stage: Stage, policy: Policy, host: str = "host-7") -> None:
    """As a process does that has seen it in its file."""
    before = stage.outside.policy[-1]
    stage.outside.policy.append(policy)
    told = operators(stage, host)
    stage.act(told.world.ledger.write(lambda tx: told.policy_is(tx, policy, before)))


def is_known(stage: Stage) -> Policy:
    """The policy of the beginning, which the bot has told when it started."""
    policy = stage.outside.policy[-1]
    put_in_force(stage, policy)
    return policy


def posts(stage: Stage, to: type[ToChannel | InThread]) -> list[Post]:
    return [one.post for one in stage.truth().posts if isinstance(one.post.to, to)]


def alarms(stage: Stage) -> list[str]:
    """What the operators' channel was told."""
    told = [one for one in posts(stage, ToChannel) if one.to == ToChannel(ALARM)]
    return [joined(one.sentences) for one in told]


def entries(stage: Stage, event: str) -> list[dict[str, str]]:
    def read(connection: Connection) -> list[dict[str, str]]:
        return [row.entry for row in connection.execute(select(audit).order_by(audit.c.number))]

    return [entry for entry in stage.life.database.look(read) if entry["event"] == event]


def asked(stage: Stage, *approving: str) -> str:
    """A request that waits, with the approvals of these people."""
    stage.ask(ALICE, f"divert routing {stage.phones[1].phone_id}", HOME, 1)
    stage.work_on(4)
    for person in approving:
        stage.press(0, person, Verdict.APPROVE, 0)
        stage.work_on(1)
    (request_id,) = stage.truth().requests
    return request_id


def seen(stage: Stage, request_id: str) -> Request:
    request = stage.do(stage.life.world.ledger.read(lambda tx: tx.request(request_id)))
    assert request is not None
    return request


def test_the_first_policy_of_a_ledger_is_in_the_audit_and_told_nobody(stage: Stage) -> None:
    policy = is_known(stage)
    (entry,) = entries(stage, "policy")
    assert (entry["who"], entry["policy"], entry["before"]) == ("", policy.version, "")
    assert alarms(stage) == []


def test_another_policy_is_told_with_what_has_changed(stage: Stage) -> None:
    before = is_known(stage)
    put_in_force(stage, NEW)
    (told,) = alarms(stage)
    assert told.splitlines() == [
        (
            f"*The policy has changed.* `{NEW.version}` is in force from now on, "
            f"in place of `{before.version}`."
        ),
        "• Roles with other members: `approvers (-U0DAN, -U0GUS)`",
    ]
    assert entries(stage, "policy")[-1]["changed"] == "roles changed: approvers (-U0DAN, -U0GUS)"
    assert entries(stage, "policy")[-1]["before"] == before.version


def test_of_two_processes_that_see_it_one_tells(stage: Stage) -> None:
    is_known(stage)
    put_in_force(stage, NEW)
    stage.outside.policy.pop()
    put_in_force(stage, NEW, "host-8")
    assert len(alarms(stage)) == 1
    assert len(entries(stage, "policy")) == 2


def test_a_policy_that_changed_while_no_bot_ran_is_told_without_what_changed(stage: Stage) -> None:
    before = is_known(stage)
    stage.outside.policy.append(NEW)
    is_known(stage)
    (told,) = alarms(stage)
    assert told.endswith(f"in place of `{before.version}`.")
    assert entries(stage, "policy")[-1]["changed"] == ""


def test_where_others_are_ahead_the_difference_is_not_told_as_what_has_changed(
    stage: Stage,
) -> None:
    """Another process has told `NEW`; this one reads a third policy after the first."""
    first = is_known(stage)
    put_in_force(stage, NEW)
    stage.outside.policy.append(first)
    third = policy_with(frozenset({CAROL, DAN}))
    put_in_force(stage, third)
    told = alarms(stage)[-1]
    assert told.endswith(f"`{third.version}` is in force from now on, in place of `{NEW.version}`.")
    assert entries(stage, "policy")[-1]["changed"] == ""


def test_what_has_approvals_is_planned_again_and_they_no_longer_count(stage: Stage) -> None:
    is_known(stage)
    request_id = asked(stage, BOB)
    put_in_force(stage, NEW)
    assert stage.truth().state(request_id) is State.PLANNING
    (told,) = alarms(stage)
    assert "1 waiting request had approvals under the old one; it is planned again" in told
    (said,) = [one for one in posts(stage, InThread) if "policy" in one.sentences[0].template]
    assert said.to == InThread(request_id)
    assert said.sentences == (WORDS.replanning_by_policy(),)
    stage.work_on(3)
    request = seen(stage, request_id)
    assert (request.state, request.note.policy) == (State.PENDING, NEW.version)
    stage.pass_time(10)  # the painter edits a card only so often
    stage.work_on(1)
    for person, left in ((CAROL, (1,)), (BOB, (0,))):
        stage.press(0, person, Verdict.APPROVE, 0)
        stage.work_on(1)
        assert seen(stage, request_id).note.left == left
    assert seen(stage, request_id).state is State.APPROVED


def test_what_has_no_approvals_waits_as_it_is(stage: Stage) -> None:
    is_known(stage)
    request_id = asked(stage)
    put_in_force(stage, NEW)
    assert stage.truth().state(request_id) is State.PENDING
    assert "planned again" not in alarms(stage)[0]


def test_what_is_running_already_runs_on(stage: Stage) -> None:
    is_known(stage)
    request_id = asked(stage, BOB, CAROL)
    stage.work_on(2)
    assert stage.truth().state(request_id) is State.SENDING
    put_in_force(stage, NEW)
    stage.work_on(20)
    assert stage.truth().state(request_id) is State.DONE


def test_a_policy_that_only_looks_otherwise_is_the_same(stage: Stage) -> None:
    before = is_known(stage)
    request_id = asked(stage, BOB)
    same = replace(before, roles=dict(reversed(list(before.roles.items()))))
    put_in_force(stage, same)
    assert (same.version, changes(before, same)) == (before.version, ())
    assert stage.truth().state(request_id) is State.PENDING
    assert alarms(stage) == []


def test_a_request_of_a_project_that_is_gone_is_left_alone(stage: Stage) -> None:
    is_known(stage)
    request_id = asked(stage, BOB)
    told = operators(stage)
    elsewhere = {"other": replace(next(iter(told.world.projects.values())), name="other")}
    told = replace(told, world=replace(told.world, projects=elsewhere))
    stage.act(told.world.ledger.write(lambda tx: told.policy_is(tx, NEW, NEW)))
    assert stage.truth().state(request_id) is State.PENDING


def test_a_bad_file_is_told_once_and_so_is_that_it_is_mended(stage: Stage) -> None:
    told, ledger = operators(stage), stage.life.world.ledger
    bad = ("bot.toml: rules.0.who: 'x' is not defined", "bot.toml: rules.1.name: missing")
    for content in ("a", "a", "b"):
        stage.act(
            ledger.write(lambda tx, content=content: told.file_is_bad(tx, content, bad, "ab12"))  # type: ignore[misc]
        )
    first, second = alarms(stage)
    assert first == second
    assert first.splitlines() == [
        (
            "*The file of the policy on `host-7` has 2 mistakes.* `ab12`, the policy of before, "
            "stays in force until they are mended:"
        ),
        "• `bot.toml: rules.0.who: 'x' is not defined`",
        "• `bot.toml: rules.1.name: missing`",
    ]
    for _ in range(2):
        stage.act(ledger.write(told.file_is_good))
    assert alarms(stage)[2:] == ["*The file of the policy on `host-7` is in order again.*"]


def test_a_file_that_was_good_all_along_is_told_nobody(stage: Stage) -> None:
    stage.act(stage.life.world.ledger.write(operators(stage).file_is_good))
    assert alarms(stage) == []


def test_what_needs_a_restart_is_told_once_each_time_it_changes(stage: Stage) -> None:
    told, ledger = operators(stage), stage.life.world.ledger
    keys = ("limits.concurrency", "projects.demo")
    for content, changed in (("a", ()), ("b", keys), ("b", keys), ("a", ()), ("b", keys)):
        stage.act(
            ledger.write(
                lambda tx, content=content, changed=changed: told.rest_is(tx, content, changed)  # type: ignore[misc]
            )
        )
    first, second = alarms(stage)
    assert first == second
    assert "`limits.concurrency`, `projects.demo`. It counts once I am started again." in first


@pytest.mark.parametrize(("number", "more"), [(20, ""), (21, "1"), (1020, "1,000")])
def test_a_long_list_is_cut(number: int, more: str) -> None:
    lines = [f"m{n}" for n in range(number)]
    told = joined(WORDS.mistakes(lines))
    assert ("m19" in told, "m20" in told) == (True, False)
    assert told.endswith(f"• and {more} more" if more else "• `m19`")


def test_who_may_approve_now_is_asked_by_the_new_policy(stage: Stage) -> None:
    is_known(stage)
    request_id = asked(stage)
    put_in_force(stage, NEW)
    stage.press(0, DAN, Verdict.APPROVE, 0)
    stage.work_on(1)
    request = seen(stage, request_id)
    assert (request.state, request.note.left) == (State.PENDING, (2,))
