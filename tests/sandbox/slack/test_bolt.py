"""An ordinary Bolt app, which knows nothing of the sandbox, runs against it unchanged."""

from collections.abc import AsyncIterator

import pytest

from sandbox.slack.app import Served
from sandbox.slack.driver import Human, NothingCame, SlackDriver
from tests.sandbox.slack.bolt_app import by_http, by_socket


@pytest.fixture(params=["socket", "http"])
async def bolt(request: pytest.FixtureRequest, served: Served) -> AsyncIterator[None]:
    running = by_socket if request.param == "socket" else by_http
    async with running(served):
        yield


@pytest.mark.usefixtures("bolt")
async def test_the_walk_from_command_to_form_to_card_to_approved(alice: Human, bob: Human) -> None:
    opened = await alice.command("C0OPS", "/ask")
    assert opened["acked"]
    assert opened["ack_ms"] < 3000

    form = await alice.open_view()
    assert form["callback_id"] == "ask"
    sent = await alice.submit({"route": {"choice": {"option": "routing"}}})
    assert sent["acked"]
    assert await alice.views() == []

    posted = await bob.wait_for("message", channel="C0OPS", text="routing by U0ALICE")
    clicked = await bob.click("approve", message=posted)
    assert clicked["acked"]
    edited = await alice.wait_for("message", channel="C0OPS", text="approved by U0BOB")
    assert edited["ts"] == posted["ts"]
    assert [b["type"] for b in edited["blocks"]] == ["section"]


@pytest.mark.usefixtures("bolt")
async def test_a_command_answers_in_its_acknowledgement_to_the_person_alone(
    alice: Human, bob: Human
) -> None:
    await alice.command("C0OPS", "/say hello there")
    [seen] = await alice.sees("C0OPS")
    assert seen["text"] == "you said hello there"
    assert seen["is_ephemeral"]
    assert await bob.sees("C0OPS") == []


@pytest.mark.usefixtures("bolt")
async def test_a_response_url_posts_to_the_channel(alice: Human, bob: Human) -> None:
    await alice.command("C0OPS", "/later")
    posted = await bob.wait_for("message", channel="C0OPS", text="here it is")
    assert not posted["is_ephemeral"]


@pytest.mark.usefixtures("bolt")
async def test_the_apps_errors_stand_under_the_field_and_the_form_stays(alice: Human) -> None:
    await alice.command("C0OPS", "/ask")
    answer = await alice.submit({"route": {"choice": "direct"}, "ids": {"text": "bad"}})
    assert answer["response"]["response_action"] == "errors"
    assert (await alice.open_view())["errors"] == {"ids": "not a phone"}


@pytest.mark.usefixtures("bolt")
async def test_closing_a_form_tells_an_app_that_asked_to_know(alice: Human) -> None:
    await alice.command("C0OPS", "/ask")
    await alice.close()
    told = await alice.wait_for("message", channel="DM", text="never mind")
    assert told["channel"].startswith("D")
    assert await alice.views() == []


@pytest.mark.usefixtures("bolt")
async def test_a_mention_is_answered_in_its_thread(alice: Human) -> None:
    ts = await alice.mention("C0OPS", "status please")
    answer = await alice.wait_for("message", channel="C0OPS", thread_ts=ts)
    assert answer["text"] == "you called"


@pytest.mark.usefixtures("bolt")
async def test_opening_the_home_tab_publishes_it(alice: Human, bob: Human) -> None:
    await alice.open_home()
    assert (await alice.wait_for("home", text="your requests"))["type"] == "home"
    assert await bob.home() is None


@pytest.mark.usefixtures("bolt")
async def test_shortcuts_open_forms(alice: Human) -> None:
    assert (await alice.shortcut("again"))["acked"]
    assert (await alice.open_view())["callback_id"] == "ask"


async def test_without_a_bot_a_command_fails_as_it_does_in_slack(alice: Human) -> None:
    answer = await alice.command("C0OPS", "/ask")
    assert answer == {"acked": False, "ack_ms": None, "response": None, "error": "dispatch_failed"}


async def test_a_command_nobody_handles_times_out_over_the_socket(
    served: Served, slack: SlackDriver, alice: Human
) -> None:
    await slack.put("limits", ack_seconds=0.2)
    async with by_socket(served):
        answer = await alice.command("C0OPS", "/unknown")
    assert answer["error"] == "operation_timeout"


async def test_waiting_in_vain_says_what_was_waited_for(alice: Human) -> None:
    with pytest.raises(NothingCame, match=r"no message .*nowhere"):
        await alice.wait_for("message", timeout=0.05, channel="C0OPS", text="nowhere")
