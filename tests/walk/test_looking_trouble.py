"""Looks and selections that meet a cloud or a Slack that does not answer, or find nothing."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock import SystemClock
from bot.divert.approval import decide
from bot.divert.click import Click, Verdict
from bot.divert.look import Look
from bot.divert.looking import look
from bot.divert.plan import SHOWN_HASH
from bot.divert.planning import _tell_progress
from bot.divert.reaching import reach_all
from bot.divert.refusing import Wanted, _has
from bot.divert.request import Request
from bot.divert.suggesting import suggest_servers
from bot.divert.wording import words_in
from sandbox.cloud.kinds import Kind
from tests.walk.stage import Json, Stage, request_id
from tests.walk.test_looking import look_file


def asked(stage: Stage, text: str) -> Look:
    return Look("1", "U0ALICE", "demo", text, stage.channel)


async def test_a_fleet_larger_than_one_request_is_not_looked_at_in_one_go(stage: Stage) -> None:
    await stage.says("/cph phones")
    await stage.hears("one request holds at most 6,000")


async def test_a_cloud_that_cannot_be_read_is_explained(stage: Stage) -> None:
    await stage.cloud.override(Kind.LIST_SERVERS, calls=1, refuse_call_code="CPS.0006")
    await stage.says("/cph phones server:edge-*")
    assert "CPS.0006" in await stage.hears("I could not read the phones")


async def test_who_cannot_be_looked_up_is_told_so(stage: Stage) -> None:
    nobody = Look("1", "U0STRANGER", "demo", "phones", stage.channel)
    await stage.slack.fault("error", method="users.info", error="internal_error", times=8)
    await look(stage.bot.world, nobody)
    await stage.slack.clear_faults()


async def test_a_question_of_another_version_is_answered_all_the_same(stage: Stage) -> None:
    await look(stage.bot.world, asked(stage, "phones2"))
    await stage.hears("I know no request for this button")


async def test_phones_the_project_does_not_have_are_counted_and_listed(stage: Stage) -> None:
    ids = await stage.phones(2)
    await stage.says(f"/cph phones {' '.join(ids)} {'f' * 32}")
    assert "1 phone is unknown in project demo" in await stage.hears("*2* phones in project demo")


async def test_a_look_that_finds_nothing_says_so(stage: Stage) -> None:
    await stage.says(f"/cph phones {'f' * 32}")
    await stage.hears("There is no such phone")
    home = await stage.server()
    await stage.says(f"/cph phones server:{home.name} status:frozen")
    await stage.hears("No phone fits")


async def test_a_plan_tells_what_stands_in_the_way_and_what_is_left_out(stage: Stage) -> None:
    home = await stage.server()
    await stage.cloud.edit_phones(home.phones[:2], status=8)
    await stage.cloud.edit_phones(home.phones[2:3], route="routing")
    ids = " ".join(home.phones[:5])
    await stage.says(f"/cph plan routing {ids} {'f' * 32} what?")
    heard = await stage.hears("only a look")
    assert "2 phones may not take the change now: 2 stopped" in heard
    assert "1 is there already, 1 is unknown to the cloud, 1 word is unreadable" in heard


async def test_a_plan_without_a_change_says_why(stage: Stage) -> None:
    ids = await stage.phones(1, "routing")
    await stage.says(f"/cph plan routing {ids[0]}")
    await stage.hears("There is nothing to change")


async def test_a_file_that_cannot_be_given_is_told_beside_the_answer(stage: Stage) -> None:
    ids = await stage.phones(1)
    await stage.slack.fault("error", method="files.getUploadURLExternal", error="x", times=9)
    await stage.slack.fault("error", method="conversations.open", error="user_not_found", times=9)
    await look(stage.bot.world, asked(stage, f"phones {ids[0]}"))
    await stage.slack.clear_faults()
    await stage.hears("could not be given to you")


async def test_a_file_that_slack_does_not_take_for_long_is_given_up(stage: Stage) -> None:
    ids = await stage.phones(1)
    await stage.slack.fault("error", method="conversations.open", error="internal_error", times=9)
    await look(stage.bot.world, asked(stage, f"phones {ids[0]}"))
    await stage.slack.clear_faults()
    await stage.hears("could not be given to you")


async def test_a_long_reading_is_told_as_it_goes(stage: Stage) -> None:
    world = replace(stage.bot.world, clock=Hasty())
    await look(world, asked(stage, "phones tag:env=staging"))
    await stage.hears("of the phones, about")
    card = await stage.asks("routing", await stage.phones(1))
    request = await request_of(stage, card)
    await _tell_progress(world, request, words_in("en"), 40, 30.0)
    await stage.hears("I have read 40% of the phones")


class Hasty(SystemClock):
    """Each look at it is half a minute later."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        self._ahead += timedelta(seconds=30)
        return super().now() + self._ahead


async def request_of(stage: Stage, card: Json) -> Request:
    found = await stage.bot.world.ledger.read(lambda tx: tx.request(request_id(card["text"])))
    assert found is not None
    return found


async def test_a_drift_that_names_no_request_here_is_answered(stage: Stage) -> None:
    await look(stage.bot.world, asked(stage, "drift D-ZZZZ"))
    await stage.hears("I know no request `D-ZZZZ`")


async def test_projects_that_cannot_be_seen_or_read_are_not_offered(stage: Stage) -> None:
    world = stage.bot.world
    world.names._kept.clear()
    await stage.cloud.override(Kind.LIST_SERVERS, calls=1, refuse_call_code="CPS.0001")
    assert not await _has(world, "quick", Wanted("U0ALICE", "demo"), "edge-01")
    assert await _has(world, "quick", Wanted("U0ALICE", "demo"), "edge-01")
    assert not await _has(world, "quick", Wanted("U0DAVE", "demo"), "edge-01")


async def test_routes_that_cannot_be_read_back_are_read_in_the_next_round(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.cloud.override(Kind.SHOW_PHONE, calls=1, refuse_call_code="CPS.0002")
    await stage.approve(card)
    assert "1 phone has the route" in (await stage.ends(card))["text"]


async def test_a_call_that_is_refused_as_a_whole_ends_its_phones_alone(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(2))
    await stage.cloud.override(Kind.IMPORT_TRAFFIC, calls=1, refuse_call_code="CPS.0080")
    await stage.approve(card)
    assert "*Failed:* 2" in (await stage.ends(card))["text"]


async def test_a_slack_that_is_away_for_a_moment_still_gets_the_file(stage: Stage) -> None:
    ids = await stage.phones(1)
    await stage.slack.fault("error", method="conversations.open", error="internal_error", times=1)
    await look(stage.bot.world, asked(stage, f"phones {ids[0]}"))
    await stage.hears("*1* phone in project demo")
    assert [row["phone_id"] for row in await look_file(stage, ids[0])] == ids


async def test_drift_of_what_has_not_ended_or_moved_nothing_says_so(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    request = request_id(card["text"])
    await stage.says(f"/cph drift {request}")
    await stage.hears("has not ended yet")
    await stage.alice.click("withdraw", message=card)
    await stage.card(request, "withdrawn")
    await stage.says(f"/cph drift {request}")
    await stage.hears("moved no phone")


async def test_drift_counts_only_what_was_proven(stage: Stage) -> None:
    ids = await stage.phones(3)
    await stage.cloud.edit_phones(ids[:1], job_failure_code="CPS.0141")
    card = await stage.runs("routing", ids)
    await stage.says(f"/cph drift {request_id(card['text'])}")
    await stage.hears("All 2 phones that")


async def test_drift_of_no_request_asks_for_its_id(stage: Stage) -> None:
    assert "D-7K3M" in await stage.says("/cph drift")


async def test_a_tag_key_is_offered_as_it_was_meant_and_what_is_like_nothing_is_not(
    stage: Stage,
) -> None:
    await stage.says("/cph phones tag:envv=staging")
    assert "tag:env=staging" in await stage.hears("has the tag `envv=staging`")
    await stage.says("/cph phones tag:env=qqqqqq")
    assert "Did you mean" not in await stage.hears("has the tag `env=qqqqqq`")
    await stage.says("/cph phones tag:qqqqqq")
    assert "Did you mean" not in await stage.hears("has the tag `qqqqqq`")


async def test_tags_that_cannot_be_read_make_no_offer(stage: Stage) -> None:
    await stage.cloud.override(Kind.LIST_PROJECT_TAGS, calls=1, refuse_call_code="CPS.0001")
    await stage.says("/cph phones tag:envvv=staging")
    assert "Did you mean" not in await stage.hears("has the tag `envvv=staging`")


async def test_servers_that_cannot_be_named_are_shown_by_their_ids(stage: Stage) -> None:
    stage.bot.world.names._kept.clear()
    [phone] = await stage.phones(1)
    home = stage.sandbox.cloud.main.fleet.phones[phone].server_id
    await stage.cloud.override(Kind.LIST_SERVERS, calls=1, refuse_call_code="CPS.0001")
    card = await stage.asks("routing", [phone])
    assert f"Phones by server: {home} (1)" in card["text"]


async def test_leaving_out_comes_too_late_or_for_another_plan(stage: Stage) -> None:
    ids = await stage.phones(3)
    await stage.cloud.edit_phones(ids[:1], status=8)
    card = await stage.asks("routing", ids)
    request = await stage.bot.world.ledger.read(lambda tx: tx.request(request_id(card["text"])))
    assert request is not None
    press = Click("", request.id, "U0ALICE", Verdict.LEAVE_OUT, "0" * 12, channel=stage.channel)
    await decide(stage.bot.world, press)
    await stage.hears("has changed since this card")
    await stage.approve(card)
    await stage.ends(card)
    await decide(stage.bot.world, replace(press, plan=request.plan_hash[:SHOWN_HASH]))
    await stage.hears("is done")


async def test_nothing_is_offered_of_a_project_that_is_not_there(stage: Stage) -> None:
    assert await suggest_servers(stage.bot.world, "U0ALICE", "gone", "edge") == []


async def test_who_cannot_be_looked_up_is_offered_nothing(stage: Stage) -> None:
    await stage.slack.fault("error", method="users.info", error="internal_error", times=8)
    assert await suggest_servers(stage.bot.world, "U0WHO", "demo", "edge") == []
    await stage.slack.clear_faults()


async def test_a_cloud_that_does_not_answer_at_the_start_is_only_logged(stage: Stage) -> None:
    await stage.cloud.override(Kind.LIST_PHONES, calls=5, outage="html_502")
    await reach_all(stage.bot.world)
