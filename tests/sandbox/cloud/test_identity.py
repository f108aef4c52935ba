"""Tokens, temporary keys and project ids: the identity service."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.cloud.accounts import READER_NAME, READER_PASSWORD
from sandbox.cloud.cloud import EMPTY_PROJECT_ID, EMPTY_REGION, REGION, Cloud
from sandbox.cloud.fleet import PROJECT_ID
from tests.sandbox.cloud.clients import HandClock, TokenClient, token_wish

KEY_WISH = {"auth": {"identity": {"methods": ["token"], "token": {"duration_seconds": 900}}}}
KEYS = "/v3.0/OS-CREDENTIAL/securitytokens"


async def test_a_token_comes_in_the_header_and_lives_a_day(client: TokenClient) -> None:
    answer = await client.log_in()
    token = answer.json()["token"]
    life = datetime.fromisoformat(token["expires_at"]) - datetime.fromisoformat(token["issued_at"])
    assert answer.status_code == 201
    assert life == timedelta(hours=24)
    assert token["project"]["id"] == PROJECT_ID
    assert len(answer.headers["X-Subject-Token"]) > 2000
    assert len(token["expires_at"]) == len("2019-02-13T06:52:13.855000Z")


async def test_nocatalog_drops_the_catalogue(client: TokenClient) -> None:
    whole = await client.http.post("/v3/auth/tokens", json=token_wish())
    small = await client.http.post("/v3/auth/tokens?nocatalog=true", json=token_wish())
    assert "catalog" in whole.json()["token"]
    assert "catalog" not in small.json()["token"]


async def test_a_project_is_scoped_by_id_too(client: TokenClient) -> None:
    answer = await client.log_in(token_wish(scope={"project": {"id": EMPTY_PROJECT_ID}}))
    assert answer.json()["token"]["project"]["name"] == EMPTY_REGION


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        (token_wish(password="wrong"), 401),
        (token_wish(name="nobody"), 401),
        (token_wish(scope={"project": {"name": "nowhere"}}), 404),
        ({"auth": {}}, 400),
        ([], 400),
        ({"auth": {"identity": {"methods": ["totp"], "password": None}}}, 400),
    ],
)
async def test_a_wrong_wish_is_refused_in_keystones_shape(
    client: TokenClient, wish: object, status: int
) -> None:
    answer = await client.http.post("/v3/auth/tokens", json=wish)
    assert answer.status_code == status
    assert answer.json()["error"]["code"] == status
    assert "X-Subject-Token" not in answer.headers


async def test_five_wrong_passwords_lock_the_user_for_a_while(
    client: TokenClient, clock: HandClock
) -> None:
    for _ in range(5):
        await client.log_in(token_wish(password="wrong"))
    assert (await client.log_in()).status_code == 401
    clock.passes(301)
    assert (await client.log_in()).status_code == 201


async def test_a_token_opens_its_own_project_only(client: TokenClient) -> None:
    assert (await client.get("/phones")).json()["count"] == 300
    client.project_id = EMPTY_PROJECT_ID
    answer = await client.get("/phones")
    assert (answer.status_code, answer.json()["error_code"]) == (403, "CPS.0001")


async def test_a_token_of_the_account_opens_no_project(client: TokenClient) -> None:
    await client.log_in(token_wish(scope={"domain": {"name": "sandbox-account"}}))
    answer = await client.get("/phones")
    assert (answer.status_code, answer.json()["error_code"]) == (403, "CPS.0001")


async def test_an_empty_project_has_no_phones(client: TokenClient) -> None:
    await client.log_in(token_wish(scope={"project": {"name": EMPTY_REGION}}))
    client.project_id = EMPTY_PROJECT_ID
    answer = await client.get("/phones")
    assert (answer.json()["count"], answer.json()["phones"]) == (0, [])


async def test_a_token_expires(client: TokenClient, cloud: Cloud, clock: HandClock) -> None:
    cloud.set(token_seconds=600)
    await client.log_in()
    clock.passes(599)
    assert (await client.get("/phones")).status_code == 200
    clock.passes(2)
    answer = await client.get("/phones")
    assert (answer.status_code, answer.json()["error_code"]) == (401, "APIGW.0301")
    expired = datetime.fromtimestamp(clock.at - 1, UTC)
    assert f"token expires, expires_at: {expired:%Y-%m-%dT%H:%M}" in answer.json()["error_msg"]


async def test_a_new_token_leaves_the_old_one_good(client: TokenClient) -> None:
    old = client.http.headers["X-Auth-Token"]
    await client.log_in()
    assert client.http.headers["X-Auth-Token"] != old
    client.http.headers["X-Auth-Token"] = old
    assert (await client.get("/phones")).status_code == 200


@pytest.mark.parametrize("token", ["made up", None])
async def test_a_wrong_or_missing_token_is_refused(client: TokenClient, token: str | None) -> None:
    del client.http.headers["X-Auth-Token"]
    if token is not None:
        client.http.headers["X-Auth-Token"] = token
    answer = await client.get("/phones")
    assert (answer.status_code, answer.json()["error_code"]) == (401, "APIGW.0301")


async def test_a_reader_with_a_token_may_list_and_not_divert(
    client: TokenClient, ids: list[str]
) -> None:
    await client.log_in(token_wish(READER_NAME, READER_PASSWORD))
    assert (await client.get("/phones")).status_code == 200
    assert (await client.divert(ids[:1])).json()["error_code"] == "CPS.0001"


async def test_temporary_keys_need_a_token(client: TokenClient) -> None:
    del client.http.headers["X-Auth-Token"]
    answer = await client.http.post(KEYS, json=KEY_WISH)
    assert answer.json()["error"]["code"] == 401


@pytest.mark.parametrize("seconds", [899, 86_401, "900"])
async def test_temporary_keys_live_15_minutes_to_a_day(
    client: TokenClient, seconds: object
) -> None:
    wish = {"auth": {"identity": {"methods": ["token"], "token": {"duration_seconds": seconds}}}}
    assert (await client.http.post(KEYS, json=wish)).status_code == 400


async def test_projects_are_found_by_name(client: TokenClient) -> None:
    found = await client.http.get("/v3/projects", params={"name": REGION})
    none = await client.http.get("/v3/projects", params={"name": "nowhere"})
    assert [p["id"] for p in found.json()["projects"]] == [PROJECT_ID]
    assert none.json()["projects"] == []
