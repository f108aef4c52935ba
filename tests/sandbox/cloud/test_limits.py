"""The limit of calls: how many, of whom, and in which words."""

import pytest

from sandbox.cloud.accounts import READER_NAME, READER_PASSWORD
from sandbox.cloud.cloud import Cloud
from sandbox.cloud.switches import TEN_A_MINUTE, TEN_A_SECOND
from tests.sandbox.cloud.clients import HandClock, TokenClient, token_wish


async def test_the_eleventh_call_within_a_second_is_too_many(
    client: TokenClient, cloud: Cloud, clock: HandClock
) -> None:
    cloud.set(read_limit=TEN_A_SECOND)
    assert [(await client.get("/phones")).status_code for _ in range(11)] == [200] * 10 + [429]
    clock.passes(1.01)
    assert (await client.get("/phones")).status_code == 200


async def test_the_limit_is_told_in_the_text_alone(client: TokenClient, cloud: Cloud) -> None:
    cloud.set(read_limit=TEN_A_MINUTE, throttle=True)
    answer = await client.get("/phones")
    assert answer.json()["error_code"] == "APIGW.0308"
    assert answer.json()["error_msg"].endswith("limit:10,time:1 minute")
    assert "Retry-After" not in answer.headers


async def test_a_limit_may_come_with_retry_after_another_prefix_and_another_field(
    client: TokenClient, cloud: Cloud
) -> None:
    cloud.set(
        throttle=True,
        retry_after_seconds=7,
        gateway_prefix="APIG",
        throttle_text="error_message",
    )
    answer = await client.get("/phones")
    assert answer.headers["Retry-After"] == "7"
    assert answer.json()["error_code"] == "APIG.0308"
    assert "limit:10,time:1 second" in answer.json()["error_message"]
    assert "error_msg" not in answer.json()


async def test_reads_and_writes_and_each_kind_of_call_have_limits_of_their_own(
    client: TokenClient, cloud: Cloud, ids: list[str]
) -> None:
    cloud.set(read_limit={"calls": 1, "per": "minute"}, write_limit={"calls": 2, "per": "minute"})
    assert [(await client.divert(ids[:1])).status_code for _ in range(3)] == [200, 200, 429]
    assert [(await client.get("/phones")).status_code for _ in range(2)] == [200, 429]
    assert (await client.get("/servers")).status_code == 200


async def test_each_user_has_a_limit_of_their_own(client: TokenClient, cloud: Cloud) -> None:
    cloud.set(read_limit={"calls": 1, "per": "minute"})
    assert [(await client.get("/phones")).status_code for _ in range(2)] == [200, 429]
    await client.log_in(token_wish(READER_NAME, READER_PASSWORD))
    assert (await client.get("/phones")).status_code == 200


@pytest.mark.parametrize(("counted", "status"), [(False, 200), (True, 429)])
async def test_refused_calls_may_use_up_the_limit_too(
    client: TokenClient, cloud: Cloud, clock: HandClock, *, counted: bool, status: int
) -> None:
    cloud.set(read_limit={"calls": 1, "per": "second"}, count_refused=counted)
    await client.get("/phones")
    clock.passes(0.6)
    assert (await client.get("/phones")).status_code == 429
    clock.passes(0.6)
    assert (await client.get("/phones")).status_code == status


async def test_a_throttled_divert_touches_nothing(
    client: TokenClient, cloud: Cloud, ids: list[str]
) -> None:
    cloud.set(throttle=True)
    assert (await client.divert(ids[:1])).status_code == 429
    assert not cloud.main.jobs.by_id
