"""An outage of Slack is told by the log, and does not fill it."""

import asyncio
import logging

import pytest
from slack_bolt.async_app import AsyncApp

from bot.slack.socket_mode import Pace, SocketMode
from bot.slack.sparing_log import SILENCE, Sparing, only_first_line
from bot.slack.web import Web
from sandbox.slack.driver import SlackDriver
from sandbox.slack.settings import APP_TOKEN


def said(text: str) -> logging.LogRecord:
    error = ValueError("a long story")
    exception = (ValueError, error, None)
    return logging.LogRecord("bolt", logging.ERROR, "", 1, text, (), exception)


def test_a_complaint_about_connecting_is_let_through_once_a_minute() -> None:
    now = [0.0]
    sparing = Sparing(lambda: now[0])
    assert sparing.filter(said("Failed to connect (error: one); Retrying..."))
    now[0] += SILENCE - 1
    assert not sparing.filter(said("Failed to connect (error: two); Retrying..."))
    assert sparing.filter(said("Failed to retrieve WSS URL: one"))
    now[0] += 1
    assert sparing.filter(said("Failed to connect (error: three); Retrying..."))


def test_what_else_goes_wrong_is_told_whole_and_each_time() -> None:
    sparing, record = Sparing(), said("Failed to run a request listener: ValueError")
    assert sparing.filter(record)
    assert sparing.filter(record)
    assert record.exc_info is not None


def test_the_ticket_of_a_connection_is_not_told() -> None:
    record = said("Failed to connect (error: 403, url='wss://x.y/link/?ticket=5ecr3t&app_id=A0'); ")
    assert Sparing().filter(record)
    assert record.getMessage() == (
        "Failed to connect (error: 403, url='wss://x.y/link/?ticket=…&app_id=A0'); "
    )


def test_of_what_nobody_listens_for_one_line_is_enough() -> None:
    record = said("Unhandled request ({'type': 'x'})\n---\n@app.view('forged\n line')")
    assert only_first_line(record)
    assert record.getMessage() == "Unhandled request ({'type': 'x'})"
    other = said("another\nstory")
    assert only_first_line(other)
    assert other.getMessage() == "another\nstory"


async def test_the_log_of_an_outage_has_no_tracebacks(
    app: AsyncApp, web: Web, slack: SlackDriver, caplog: pytest.LogCaptureFixture
) -> None:
    sockets = SocketMode(app, web, APP_TOKEN, Pace(ping=0.2, patience=1.0))
    await sockets.start()
    await slack.fault("outage")
    before = await slack.calls("apps.connections.open")
    while len(await slack.calls("apps.connections.open")) < len(before) + 6:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    await sockets.close()
    complaints = [one for one in caplog.records if one.getMessage().startswith("Failed to")]
    assert [one for one in complaints if one.exc_info] == []
    assert len(complaints) <= 3
