"""The three origins in one process, and who may use the one that steers the others."""

import asyncio
import csv
import socket
from pathlib import Path

import aiohttp
import pytest

from sandbox.cloud.driver import CloudDriver
from sandbox.page.gate import HEADERS
from sandbox.server import HOST, Sandbox, Wishes, serve_sandbox
from sandbox.slack.driver import SlackDriver

PAGE = Path(__file__).parents[3] / "sandbox" / "page"
ASSETS = sorted(path.name for path in PAGE.iterdir() if path.suffix in (".js", ".css", ".svg"))


async def test_both_drivers_act_through_the_control_origin(sandbox: Sandbox) -> None:
    async with SlackDriver(sandbox.control_url) as slack, CloudDriver(sandbox.control_url) as cloud:
        assert (await slack.state("U0ALICE"))["bot_user"] == "U0BOT"
        assert (await cloud.summary()).phones == 60
        assert len(await cloud.servers()) == 3


async def test_addresses_that_slack_hands_out_lead_to_slack_itself(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    headers = {"Authorization": f"Bearer {sandbox.environment()['SLACK_APP_TOKEN']}"}
    url = f"{sandbox.slack_api_url}apps.connections.open"
    async with http.post(url, headers=headers) as answer:
        opened = await answer.json()
    assert opened["url"].startswith(sandbox.slack.url.replace("http", "ws") + "/link/")


async def test_the_environment_is_what_the_cloud_lets_in(sandbox: Sandbox) -> None:
    keys = sandbox.cloud.accounts.keys
    environment = sandbox.environment()
    access = environment["HUAWEICLOUD_SDK_AK"]
    assert keys[access].secret == environment["HUAWEICLOUD_SDK_SK"]


@pytest.mark.parametrize("path", ["/", *(f"/page/{name}" for name in ASSETS)])
async def test_every_file_of_the_page_is_served_under_the_strict_policy(
    sandbox: Sandbox, http: aiohttp.ClientSession, path: str
) -> None:
    async with http.get(sandbox.control_url + path) as answer:
        assert answer.status == 200
        assert await answer.read()
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "require-trusted-types-for 'script'" in policy


def test_no_script_makes_markup_of_text() -> None:
    for script in PAGE.glob("*.js"):
        text = script.read_text(encoding="utf-8")
        for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert way not in text, f"{script.name} uses {way}"


@pytest.mark.parametrize("path", ["/page/gate.py", "/page/__init__.py", "/page/../server.py"])
async def test_nothing_else_of_the_folder_is_served(
    sandbox: Sandbox, http: aiohttp.ClientSession, path: str
) -> None:
    async with http.get(sandbox.control_url + path) as answer:
        assert answer.status == 404


@pytest.mark.parametrize("path", ["/", "/control/slack/state", "/control/cloud/switches"])
async def test_another_name_for_this_machine_is_refused(
    sandbox: Sandbox, http: aiohttp.ClientSession, path: str
) -> None:
    headers = {"Host": "rebound.example:8700"}
    async with http.get(sandbox.control_url + path, headers=headers) as answer:
        assert answer.status == 403
        assert "wrong Host" in (await answer.json())["error"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_a_page_of_another_origin_changes_nothing(
    sandbox: Sandbox, http: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    url = f"{sandbox.control_url}/control/cloud/switches"
    async with http.patch(url, json={"outage": "reset"}, headers=headers) as answer:
        assert answer.status == 403
    assert sandbox.cloud.switches.outage == "none"


async def test_the_own_page_may_change_what_it_likes(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    headers = {"Origin": sandbox.control_url, "Sec-Fetch-Site": "same-origin"}
    url = f"{sandbox.control_url}/control/cloud/switches"
    async with http.patch(url, json={"latency_ms": 1}, headers=headers) as answer:
        assert answer.status == 200
    assert sandbox.cloud.switches.latency_ms == 1


async def test_the_sample_file_has_a_line_for_each_phone(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    async with http.get(f"{sandbox.control_url}/sample/phones.csv") as answer:
        rows = list(csv.DictReader((await answer.text()).splitlines()))
    assert {row["phone_id"] for row in rows} == set(sandbox.cloud.main.fleet.phones)


async def test_the_sample_file_of_a_large_fleet_has_1234_phones(
    http: aiohttp.ClientSession,
) -> None:
    running = await serve_sandbox(Wishes(phones=2000))
    async with http.get(f"{running.control_url}/sample/phones.csv") as answer:
        lines = (await answer.text()).splitlines()
    await running.close()
    assert len(set(lines[1:])) == 1234


async def test_a_taken_port_is_left_alone_and_a_free_one_used() -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        running = await serve_sandbox(Wishes(phones=0), port)
        assert running.page_url.startswith(f"http://{HOST}:")
        assert running.page_url != f"http://{HOST}:{port}/"
        await running.close()


async def test_closing_frees_the_ports_even_while_somebody_waits_for_changes(
    http: aiohttp.ClientSession,
) -> None:
    running = await serve_sandbox(Wishes(phones=0))
    state = await _json(http, f"{running.control_url}/control/slack/state")
    waiting = f"{running.control_url}/control/slack/changes?after={state['seq']}&timeout=60"
    asked = asyncio.create_task(_json(http, waiting))
    await asyncio.sleep(0.1)
    await asyncio.wait_for(running.close(), 5)
    assert (await asked)["changed"]
    port = int(running.control_url.rpartition(":")[2])
    socket.create_server((HOST, port)).close()


async def _json(http: aiohttp.ClientSession, url: str) -> dict[str, object]:
    async with http.get(url) as answer:
        found: dict[str, object] = await answer.json()
        return found
