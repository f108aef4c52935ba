"""How commands, clicks and events reach the bot, and what goes wrong on the way when told to."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.app import Served
from sandbox.slack.driver import Human, SlackDriver
from tests.sandbox.slack.asking import refusal_of
from tests.sandbox.slack.bolt_app import by_http, by_socket
from tests.sandbox.slack.counting_app import Counter


@pytest.fixture
async def socket_app(served: Served, client: AsyncWebClient) -> AsyncIterator[Counter]:
    counter = Counter(client)
    async with by_socket(served, counter.app):
        yield counter


@pytest.fixture
async def http_app(served: Served, client: AsyncWebClient) -> AsyncIterator[Counter]:
    counter = Counter(client)
    async with by_http(served, counter.app):
        yield counter


@pytest.fixture(params=["socket_app", "http_app"])
def counter(request: pytest.FixtureRequest) -> Counter:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Counter)
    return found


async def test_a_delivery_is_recorded_with_its_time_to_acknowledge(
    counter: Counter, alice: Human, slack: SlackDriver
) -> None:
    await alice.command("C0OPS", "/count one")
    assert counter.got == ["one"]
    [record] = await slack.deliveries()
    assert (record["kind"], record["attempt"], record["error"]) == ("slash_commands", 0, None)
    assert 0 <= record["ack_ms"] < 3000


async def test_a_duplicate_comes_twice(counter: Counter, alice: Human, slack: SlackDriver) -> None:
    await slack.fault("duplicate", delivery="slash_commands")
    await alice.command("C0OPS", "/count twice")
    await counter.count(2)
    assert counter.got == ["twice", "twice"]


async def test_a_late_delivery_comes_late(
    counter: Counter, alice: Human, slack: SlackDriver
) -> None:
    await slack.fault("late", delivery="slash_commands", seconds_late=0.3)
    started = time.monotonic()
    await alice.command("C0OPS", "/count late")
    assert time.monotonic() - started >= 0.3
    assert counter.got == ["late"]


async def test_a_held_delivery_comes_after_the_next(
    counter: Counter, alice: Human, bob: Human, slack: SlackDriver
) -> None:
    await slack.fault("reorder", delivery="slash_commands")
    first = asyncio.create_task(alice.command("C0OPS", "/count first"))
    await asyncio.sleep(0.05)
    await bob.command("C0OPS", "/count second")
    assert (await first)["acked"]
    assert counter.got == ["second", "first"]


async def test_a_lost_acknowledgement_is_a_timeout_for_the_person(
    counter: Counter, alice: Human, slack: SlackDriver
) -> None:
    await slack.fault("drop_ack", delivery="slash_commands")
    answer = await alice.command("C0OPS", "/count lost")
    assert (answer["acked"], answer["error"]) == (False, "operation_timeout")
    assert counter.got[0] == "lost"


async def test_over_the_socket_a_lost_acknowledgement_brings_the_same_command_again(
    socket_app: Counter, alice: Human, slack: SlackDriver
) -> None:
    await slack.fault("drop_ack", delivery="slash_commands")
    await alice.command("C0OPS", "/count lost")
    await socket_app.count(2)
    assert socket_app.got == ["lost", "lost"]
    first, second = await slack.deliveries()
    assert (first["id"], first["attempt"]) == (second["id"], second["attempt"] - 1)


async def test_over_http_a_lost_acknowledgement_of_a_command_is_not_sent_again(
    http_app: Counter, alice: Human, slack: SlackDriver
) -> None:
    await slack.fault("drop_ack", delivery="slash_commands")
    await alice.command("C0OPS", "/count lost")
    await asyncio.sleep(0.1)
    assert http_app.got == ["lost"]


async def test_an_event_not_acknowledged_in_time_is_sent_again_with_its_number(
    counter: Counter, alice: Human, slack: SlackDriver
) -> None:
    await slack.put("limits", ack_seconds=0.15, retry_seconds=[0.0, 0.6, 0.6])
    counter.deaf = 2
    await alice.mention("C0OPS", "hello")
    await counter.count(3)
    assert len(set(counter.got)) == 1
    assert [n for n in counter.retries if n != "0"] == ["1", "2"]


async def test_an_event_refused_for_its_signature_is_sent_again_signed_well(
    http_app: Counter, alice: Human, slack: SlackDriver
) -> None:
    await slack.fault("bad_signature", delivery="events_api")
    await slack.put("limits", retry_seconds=[0.0])
    await alice.mention("C0OPS", "hello")
    await http_app.count(1)
    attempts = await slack.deliveries()
    assert [a["error"] for a in attempts] == ["dispatch_failed", None]


@pytest.mark.parametrize(("wanted", "attempts"), [("0", 3), ("1", 1)])
async def test_an_app_that_wants_no_retry_gets_none(
    alice: Human, slack: SlackDriver, wanted: str, attempts: int
) -> None:
    async def fail(_request: web.Request) -> web.Response:
        return web.Response(status=500, headers={"X-Slack-No-Retry": wanted})

    app = web.Application()
    app.add_routes([web.post("/slack/events", fail)])
    async with TestServer(app) as server:
        await slack.put("limits", retry_seconds=[0.0, 0.0])
        await slack.put("transport", mode="http", url=str(server.make_url("/slack/events")))
        await alice.mention("C0OPS", "hello")
        await asyncio.sleep(0.3)
    assert [a["attempt"] for a in await slack.deliveries()] == list(range(attempts))


async def test_a_strangers_acts_carry_their_own_workspace(
    counter: Counter, slack: SlackDriver
) -> None:
    await slack.person("U0OUT").command("C0OPS", "/count mine")
    [body] = counter.bodies
    assert (body["user_id"], body["team_id"]) == ("U0OUT", "T0OTHER")


@pytest.mark.parametrize("kind", ["bad_signature", "stale_signature"])
async def test_a_wrong_or_old_signature_is_refused_by_bolt(
    http_app: Counter, alice: Human, slack: SlackDriver, kind: str
) -> None:
    await slack.fault(kind, delivery="slash_commands")
    assert (await alice.command("C0OPS", "/count no"))["error"] == "dispatch_failed"
    assert (await alice.command("C0OPS", "/count yes"))["acked"]
    assert http_app.got == ["yes"]


async def test_a_replayed_request_is_accepted_again_byte_for_byte(
    http_app: Counter, alice: Human, slack: SlackDriver
) -> None:
    assert await slack.fault("replay") is None
    await alice.command("C0OPS", "/count again")
    assert await slack.fault("replay") == 200
    assert http_app.got == ["again", "again"]


async def test_what_was_delivered_comes_again_whenever_it_is_wanted(
    counter: Counter, alice: Human, slack: SlackDriver
) -> None:
    assert await slack.fault("redeliver", delivery="slash_commands") is None
    await alice.command("C0OPS", "/count first")
    [first] = await slack.deliveries()
    await alice.command("C0OPS", "/count second")
    again = await slack.fault("redeliver", delivery="slash_*")
    assert isinstance(again, dict)
    assert again["acked"]
    await slack.fault("redeliver", id=first["id"])
    assert counter.got == ["first", "second", "second", "first"]
    old, _, _, late = await slack.deliveries()
    assert (late["id"], late["attempt"]) == (old["id"], 1)
    assert counter.bodies[3] == counter.bodies[0]


async def test_an_unreachable_url_fails_the_command(
    served: Served, alice: Human, slack: SlackDriver
) -> None:
    await slack.put("transport", mode="http", url=f"{served.url}/nowhere")
    assert (await alice.command("C0OPS", "/count"))["error"] == "dispatch_failed"
    await slack.put("transport", url="http://127.0.0.1:9/slack/events")
    assert (await alice.command("C0OPS", "/count"))["error"] == "dispatch_failed"


@pytest.mark.parametrize("kind", ["socket_drop", "disconnect"])
async def test_a_bot_comes_back_after_its_socket_ends(
    socket_app: Counter, served: Served, alice: Human, slack: SlackDriver, kind: str
) -> None:
    await slack.wait_for("connected")
    assert await slack.fault(kind) == 1
    assert served.workspace.sockets.open() == []
    await slack.wait_for("connected")
    assert (await alice.command("C0OPS", "/count back"))["acked"]
    assert socket_app.got == ["back"]


async def test_an_outage_stops_everything_until_it_ends(
    socket_app: Counter, alice: Human, slack: SlackDriver
) -> None:
    await slack.wait_for("connected")
    await slack.fault("outage")
    assert (await alice.command("C0OPS", "/count no"))["error"] == "dispatch_failed"
    await slack.clear_faults()
    await slack.wait_for("connected")
    assert (await alice.command("C0OPS", "/count yes"))["acked"]
    assert socket_app.got == ["yes"]


async def test_an_outage_may_have_an_end(client: AsyncWebClient, slack: SlackDriver) -> None:
    await slack.fault("outage", seconds=0.2)
    refused = await refusal_of(client.auth_test())
    assert refused.status_code == 503
    await asyncio.sleep(0.25)
    assert (await client.auth_test())["ok"]


async def test_deliveries_go_to_any_of_several_connections(
    served: Served, client: AsyncWebClient, alice: Human, slack: SlackDriver
) -> None:
    one, two = Counter(client), Counter(client)
    async with by_socket(served, one.app), by_socket(served, two.app):
        await slack.wait_for("connected", count=2)
        for n in range(20):
            await alice.command("C0OPS", f"/count {n}")
    assert sorted(one.got + two.got, key=int) == [str(n) for n in range(20)]
    assert one.got
    assert two.got
