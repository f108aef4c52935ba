"""Files both ways: files_upload_v2 of slack_sdk, and a person's file through a form."""

import aiohttp
import pytest
from slack_sdk.errors import SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.app import Served
from sandbox.slack.driver import ControlRefused, Human, SlackDriver
from tests.sandbox.slack.asking import error_of
from tests.sandbox.slack.bolt_app import by_socket

CSV = b"id\n631056bfb66b4f4ea02ba25f04830cb4\n"


async def fetch(url: str, token: str | None) -> tuple[int, str, bytes]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        return answer.status, answer.content_type, await answer.read()


async def test_an_upload_in_three_steps_ends_in_the_thread(
    web: AsyncWebClient, slack: SlackDriver, alice: Human
) -> None:
    card = (await web.chat_postMessage(channel="C0OPS", text="card"))["ts"]
    answer = await web.files_upload_v2(
        channel="C0OPS",
        thread_ts=card,
        filename="failed.csv",
        content=CSV.decode(),
        title="Failed phones",
        initial_comment="2 failed",
    )
    file_id = answer["file"]["id"]
    _, posted = await alice.sees("C0OPS")
    assert (posted["text"], posted["thread_ts"]) == ("2 failed", card)
    assert posted["files"][0]["title"] == "Failed phones"
    assert await slack.file(file_id) == CSV
    assert (await web.files_info(file=file_id))["file"]["size"] == len(CSV)


async def test_several_files_in_one_message(web: AsyncWebClient, alice: Human) -> None:
    uploads = [{"filename": f"{n}.csv", "content": "x" * n} for n in (1, 2)]
    await web.files_upload_v2(channel="C0OPS", file_uploads=uploads)
    [posted] = await alice.sees("C0OPS")
    assert [f["size"] for f in posted["files"]] == [1, 2]


async def test_an_upload_is_refused_where_the_bot_may_not_post(web: AsyncWebClient) -> None:
    async def error(channel: str, thread_ts: str | None = None) -> str:
        call = web.files_upload_v2(
            channel=channel, filename="a.csv", content="x", thread_ts=thread_ts
        )
        return await error_of(call)

    assert await error("C0GENERAL") == "not_in_channel"
    assert await error("C0NO") == "channel_not_found"
    assert await error("C0OPS", thread_ts="0") == "invalid_thread_ts"


async def test_the_bytes_must_be_as_many_as_was_said(web: AsyncWebClient) -> None:
    promised = await web.files_getUploadURLExternal(filename="a.csv", length=5)
    async with aiohttp.ClientSession() as session:
        async with session.post(promised["upload_url"], data=b"four") as answer:
            assert answer.status == 400
        async with session.post(promised["upload_url"], data=b"five!") as answer:
            assert answer.status == 200
        async with session.post(promised["upload_url"][:-4] + "none", data=b"x") as answer:
            assert answer.status == 404


async def test_a_file_whose_bytes_never_came_cannot_be_completed(web: AsyncWebClient) -> None:
    promised = await web.files_getUploadURLExternal(filename="a.csv", length=5)
    files = [{"id": promised["file_id"], "title": "a"}]
    assert await error_of(web.files_completeUploadExternal(files=files)) == "file_not_found"
    empty = web.files_getUploadURLExternal(filename="a.csv", length=0)
    assert await error_of(empty) == "invalid_arguments"


async def test_an_upload_that_fails_midway_is_seen_by_the_sdk(
    web: AsyncWebClient, slack: SlackDriver
) -> None:
    await slack.fault("status", method="upload", status=500)
    with pytest.raises(SlackRequestError, match="status: 500"):
        await web.files_upload_v2(channel="C0OPS", filename="a.csv", content="x")


async def test_a_persons_file_is_readable_once_it_was_sent_in_a_form(
    served: Served, web: AsyncWebClient, alice: Human
) -> None:
    file_id = await alice.upload("ids.csv", CSV)
    assert await error_of(web.files_info(file=file_id)) == "file_not_found"
    async with by_socket(served):
        await alice.command("C0OPS", "/ask")
        values = {"route": {"choice": "direct"}, "list": {"file": {"files": [file_id]}}}
        assert (await alice.submit(values))["acked"]
    url = (await web.files_info(file=file_id))["file"]["url_private_download"]
    assert await fetch(url, "xoxb-sandbox") == (200, "text/csv", CSV)


async def test_a_download_without_the_token_is_a_sign_in_page(
    web: AsyncWebClient,
) -> None:
    answer = await web.files_upload_v2(channel="C0OPS", filename="a.csv", content="x")
    url = answer["file"]["url_private_download"]
    for token in (None, "xoxb-other"):
        status, kind, body = await fetch(url, token)
        assert (status, kind) == (200, "text/html")
        assert b"Sign in" in body


async def test_a_person_sends_only_their_own_files(
    served: Served, alice: Human, bob: Human
) -> None:
    theirs = await bob.upload("ids.csv", CSV)
    async with by_socket(served):
        await alice.command("C0OPS", "/ask")
        with pytest.raises(ControlRefused, match="has no file"):
            await alice.submit({"list": {"file": {"files": [theirs]}}})
