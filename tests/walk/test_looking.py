"""`/cph plan`, `/cph phones` and `/cph drift` change nothing and tell only who asked."""

import csv
import io
import time

from sandbox.cloud.kinds import Kind
from tests.walk.stage import Stage, request_id


async def look_file(stage: Stage, having: str) -> list[dict[str, str]]:
    """The rows of the newest file in the direct messages that holds this phone."""
    for message in reversed(await stage.alice.sees("DM")):
        for file in message.get("files", []):
            content = (await stage.slack.file(file["id"])).decode("utf-8-sig")
            if having in content:
                return list(csv.DictReader(io.StringIO(content)))
    raise AssertionError(f"no file with {having}")


async def test_phones_are_counted_by_route_status_and_server(stage: Stage) -> None:
    home = await stage.server()
    await stage.cloud.edit_phones(home.phones[:30], route="routing")
    await stage.cloud.edit_phones(home.phones[:4], status=8)
    await stage.says(f"/cph phones server:{home.name}")
    heard = await stage.hears(f"*{len(home.phones)}* phones in project demo")
    assert f"By route: direct ({len(home.phones) - 30}) · routing (30)" in heard
    assert f"By status: running ({len(home.phones) - 4}) · stopped (4)" in heard
    assert f"By server: {home.name} ({len(home.phones)})" in heard
    rows = {row["phone_id"]: row for row in await look_file(stage, home.phones[0])}
    assert set(rows) == set(home.phones)
    assert rows[home.phones[0]]["route"] == "routing"
    assert rows[home.phones[0]]["status"] == "stopped"
    assert rows[home.phones[0]]["server"] == home.name


async def test_a_plan_is_shown_without_being_asked_for(stage: Stage) -> None:
    home = await stage.server()
    since = time.time()
    await stage.says(f"/cph plan routing server:{home.name}")
    answer = await stage.answered("only a look: nothing was asked for")
    assert f"*{len(home.phones)}* phones change to *routing*" in answer["text"]
    assert await stage.cloud.calls(Kind.IMPORT_TRAFFIC, since) == []
    assert {row["phone_id"] for row in await look_file(stage, home.phones[0])} == set(home.phones)
    await stage.presses_run(answer)
    heard = await stage.hears("I am reading these phones")
    await stage.card(request_id(heard), "waiting for approval")


async def test_few_phones_are_read_one_by_one_once_the_fleet_was_counted(stage: Stage) -> None:
    one, two = await stage.phones(2), await stage.phones(3)
    for ids in (one, two):
        since = time.time()
        await stage.says(f"/cph plan routing {' '.join(ids)}")
        await stage.answered(f"*{len(ids)}* phones change to *routing*")
    assert await stage.cloud.calls(Kind.LIST_PHONES, since) == []
    assert len(await stage.cloud.calls(Kind.SHOW_PHONE, since)) == len(two)


async def test_a_plan_that_may_not_be_asked_for_says_so(stage: Stage) -> None:
    await stage.says("/cph plan routing tag:env=staging")
    heard = await stage.hears("at most 3,000 phones")
    assert "phones change to *routing*" in heard


async def test_drift_names_the_phones_that_moved_since_and_who_moved_them(stage: Stage) -> None:
    ids = await stage.phones(8)
    card = await stage.runs("routing", ids)
    request = request_id(card["text"])
    later = request_id((await stage.runs("direct", ids[:2]))["text"])
    await stage.cloud.edit_phones(ids[2:3], route="direct")
    await stage.says(f"/cph drift {request}")
    heard = await stage.hears(f"of 8 phones that `{request}` moved")
    assert "*3* of 8" in heard
    assert f"2 by {later}" in heard
    assert "1 by no request of mine" in heard
    rows = {row["phone_id"]: row for row in await look_file(stage, ids[2])}
    assert {one: rows[one]["moved_by"] for one in ids[:3]} == {
        ids[0]: later, ids[1]: later, ids[2]: "",
    }  # fmt: skip


async def test_nothing_has_drifted_right_after_the_end(stage: Stage) -> None:
    card = await stage.runs("routing", await stage.phones(2))
    await stage.says(f"/cph drift {request_id(card['text'])}")
    await stage.hears("are still on routing")


async def test_who_may_neither_ask_nor_approve_sees_nothing(stage: Stage) -> None:
    home = await stage.server()
    person = stage.slack.person("U0CAROL")
    await stage.says(f"/cph phones server:{home.name} project:nowhere", person)
    heard = await stage.hears("No rule of the policy", person)
    assert home.name not in heard


async def test_a_mistyped_server_is_offered_as_it_was_meant(stage: Stage) -> None:
    home = await stage.server()
    await stage.says(f"/cph phones server:{home.name.replace('edge', 'egde')}")
    answer = await stage.answered("Did you mean")
    await stage.presses_run(answer)
    await stage.hears(f"By server: {home.name}")


async def test_whoami_tells_who_asks_what_they_may_do_here_and_nobody_else(stage: Stage) -> None:
    assert "I am asking Slack who you are" in await stage.says("/cph whoami")
    heard = await stage.hears("You are <@U0ALICE>, in the role `requesters`")
    assert "`rule 2`: 3,000 phones at most · 1 approval of `approvers`" in heard
    assert "You may approve nothing here" in heard
    await stage.says("/cph whoami project:nowhere", stage.carol)
    heard = await stage.hears("In `nowhere` you may ask for nothing", stage.carol)
    assert [one for one in await stage.bob.sees(stage.channel) if "You are" in one["text"]] == []


async def test_whoami_says_so_where_slack_does_not_know(stage: Stage) -> None:
    await stage.slack.fault("error", method="users.info", error="internal_error", times=9)
    await stage.says("/cph whoami", stage.dave)
    await stage.hears("Slack could not tell me who you are", stage.dave)
