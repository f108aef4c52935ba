"""Files given to the form are fetched with the token, from Slack's own addresses alone."""

import gzip
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
from aiohttp import web as http
from yarl import URL

from bot.divert.failures import FileUnreadable
from bot.slack.files import SlackFiles
from bot.slack.web import Origins, Web
from sandbox.slack.app import Served
from sandbox.slack.driver import SlackDriver
from sandbox.slack.files import File
from sandbox.slack.shapes import Json

CONTENT = b"phone_id\n" + b"a" * 1_000_000


@pytest.fixture
def file_id(served: Served) -> str:
    file = served.workspace.files.add("phones.csv", "U0ALICE", CONTENT)
    file.bot_may_read = True
    return file.id


async def why(files: SlackFiles, file_id: str, limit: int = 10**7) -> tuple[str, str]:
    with pytest.raises(FileUnreadable) as failure:
        await files.content(file_id, limit)
    return failure.value.why, failure.value.detail


async def test_a_file_is_fetched_whole(web: Web, file_id: str) -> None:
    assert await SlackFiles(web).content(file_id, len(CONTENT)) == CONTENT


async def test_a_file_over_the_limit_is_not_fetched(
    web: Web, file_id: str, slack: SlackDriver
) -> None:
    assert await why(SlackFiles(web), file_id, 2**19) == ("too_large", "0.5 MB")
    assert len(await slack.calls()) == 1


async def test_a_file_that_is_gone_is_gone(web: Web) -> None:
    assert (await why(SlackFiles(web), "F0GONE"))[0] == "gone"


async def test_a_file_taken_back_between_look_and_fetch_is_gone(
    web: Web, file_id: str, served: Served
) -> None:
    address = served.workspace.files.known[file_id].as_json(served.url, "T0SANDBOX")
    served.workspace.files.known.clear()
    with pytest.raises(FileUnreadable, match="gone"):
        await SlackFiles(web)._download(address["url_private_download"], 10**7)


async def test_a_wrong_token_gets_no_log_in_page_as_a_file(web: Web, file_id: str) -> None:
    assert await why(SlackFiles(replace(web, token="xoxb-other")), file_id) == ("away", "HTML")


async def test_slack_being_away_is_said(web: Web, file_id: str, slack: SlackDriver) -> None:
    await slack.fault("status", method="files.info", status=503, times=1)
    assert await why(SlackFiles(web), file_id) == ("away", "http_503")


async def test_the_token_is_not_sent_elsewhere(web: Web, file_id: str) -> None:
    elsewhere = replace(web, origins=Origins(URL("https://slack.com/api/")))
    assert await why(SlackFiles(elsewhere), file_id) == ("away", "foreign address")


@pytest.fixture
async def liar() -> AsyncIterator[str]:
    """A server that sends more than it said, or sends elsewhere."""

    async def endless(request: http.Request) -> http.StreamResponse:
        answer = http.StreamResponse()
        await answer.prepare(request)
        for _ in range(64):
            await answer.write(b"x" * 65_536)
        return answer

    async def packed(_request: http.Request) -> http.StreamResponse:
        bomb = gzip.compress(b"x" * 200_000_000)
        return http.Response(body=bomb, headers={"Content-Encoding": "gzip"})

    async def away(_request: http.Request) -> http.StreamResponse:
        raise http.HTTPFound("/endless")

    app = http.Application()
    app.add_routes(
        [http.get("/endless", endless), http.get("/away", away), http.get("/packed", packed)]
    )
    runner = http.AppRunner(app)
    await runner.setup()
    await http.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await runner.cleanup()


async def test_a_file_larger_than_it_said_is_cut_off(web: Web, liar: str) -> None:
    with pytest.raises(FileUnreadable, match=r"too_large 0\.1 MB"):
        await SlackFiles(web)._download(f"{liar}/endless", 104_858)


async def test_a_packed_file_is_not_unpacked(web: Web, liar: str) -> None:
    with pytest.raises(FileUnreadable, match="away packed"):
        await SlackFiles(web)._download(f"{liar}/packed", 10**6)


@pytest.mark.parametrize("size", [None, "1000", [1], -1, 1.5, True])
async def test_whatever_slack_says_of_the_size_what_comes_is_counted(
    web: Web, served: Served, size: object
) -> None:
    lying = Lying("F0LIAR", "phones.csv", "U0ALICE", CONTENT, bot_may_read=True, said=size)
    served.workspace.files.known["F0LIAR"] = lying
    assert await SlackFiles(web).content("F0LIAR", len(CONTENT)) == CONTENT
    assert (await why(SlackFiles(web), "F0LIAR", 2**19))[0] == "too_large"


@dataclass
class Lying(File):
    """A file of which Slack says another size than it has."""

    said: object = None

    def as_json(self, origin: str, team_id: str) -> Json:
        return super().as_json(origin, team_id) | {"size": self.said}


async def test_a_file_that_is_kept_elsewhere_is_not_fetched(web: Web, served: Served) -> None:
    elsewhere = Elsewhere("F0FAR", "phones.csv", "U0ALICE", CONTENT, bot_may_read=True)
    served.workspace.files.known["F0FAR"] = elsewhere
    assert await why(SlackFiles(web), "F0FAR") == ("away", "foreign address")


class Elsewhere(File):
    """A file that only Slack's page of it has: an external one, such as of a drive."""

    def as_json(self, origin: str, team_id: str) -> Json:
        far = {"url_private": "https://drive.example/phones.csv", "url_private_download": None}
        return super().as_json(origin, team_id) | far


async def test_no_redirect_is_followed_with_the_token(web: Web, liar: str) -> None:
    with pytest.raises(FileUnreadable, match="away HTTP 302"):
        await SlackFiles(web)._download(f"{liar}/away", 10**7)
