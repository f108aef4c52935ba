"""ImportTraffic: what is taken, what is refused, and in which words."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.cloud.cloud import Cloud
from sandbox.cloud.phone import Route
from tests.sandbox.cloud.clients import HandClock, TokenClient, codes

UNKNOWN = "f" * 32


async def test_each_phone_taken_gets_a_job_of_its_own(client: TokenClient, ids: list[str]) -> None:
    answer = await client.divert(ids[:3])
    jobs = answer.json()["jobs"]
    assert answer.status_code == 200
    assert [sorted(entry) for entry in jobs] == [["job_id", "phone_id"]] * 3
    assert len({entry["job_id"] for entry in jobs}) == 3
    assert answer.headers["X-Request-Id"] == answer.json()["request_id"]


async def test_a_mixed_answer_refuses_single_phones_without_a_job(
    client: TokenClient, ids: list[str]
) -> None:
    answer = await client.divert([ids[0], UNKNOWN, "bad!"])
    assert answer.status_code == 200
    assert codes(answer) == {ids[0]: None, UNKNOWN: "CPS.0005", "bad!": "CPS.0004"}
    assert sorted(answer.json()["jobs"][1]) == ["error_code", "error_msg", "phone_id"]


async def test_an_answer_of_refusals_only_has_no_jobs_to_list(client: TokenClient) -> None:
    answer = await client.divert([UNKNOWN])
    assert answer.status_code == 200
    listed = await client.get("/jobs", request_id=answer.json()["request_id"])
    assert (listed.status_code, listed.json()["error_code"]) == (400, "CPS.0050")


async def test_the_route_changes_when_the_job_ends(
    client: TokenClient, ids: list[str], clock: HandClock
) -> None:
    await client.divert(ids[:1])
    assert await client.shown_route(ids[0]) == "direct"
    clock.passes(1.1)
    assert await client.shown_route(ids[0]) == "routing"
    assert await client.shown_route(ids[1]) == "direct"


async def test_a_batch_of_100_is_taken(client: TokenClient, ids: list[str]) -> None:
    assert len((await client.divert(ids[:100])).json()["jobs"]) == 100


@pytest.mark.parametrize("code", ["CPS.0190", "CPS.0080"])
async def test_a_batch_over_100_is_refused_whole(
    client: TokenClient, cloud: Cloud, ids: list[str], code: str
) -> None:
    cloud.set(over_100=code)
    answer = await client.divert(ids[:101])
    assert (answer.status_code, answer.json()["error_code"]) == (400, code)
    assert not cloud.main.jobs.by_id


async def test_a_batch_over_100_may_be_cut_silently(
    client: TokenClient, cloud: Cloud, ids: list[str]
) -> None:
    cloud.set(over_100="truncate")
    assert list(codes(await client.divert(ids[:130]))) == ids[:100]


@pytest.mark.parametrize(("style", "jobs"), [("dedupe", 2), ("two_jobs", 3)])
async def test_duplicates_are_merged_or_get_two_jobs(
    client: TokenClient, cloud: Cloud, ids: list[str], style: str, jobs: int
) -> None:
    cloud.set(duplicates=style)
    answer = await client.divert([ids[0], ids[1], ids[0]])
    assert len(answer.json()["jobs"]) == jobs


async def test_duplicates_may_be_refused_whole(
    client: TokenClient, cloud: Cloud, ids: list[str]
) -> None:
    cloud.set(duplicates="refuse")
    assert (await client.divert([ids[0], ids[0]])).json()["error_code"] == "CPS.0080"
    assert (await client.divert([ids[0], ids[1]])).status_code == 200


ONE = "0" * 32


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"traffic_type": "routing", "phone_ids": []}, "CPS.0009"),
        ({"traffic_type": "routing"}, "CPS.0081"),
        ({"traffic_type": "routing", "phone_ids": ONE}, "CPS.0080"),
        ({"traffic_type": "routing", "phone_ids": [1]}, "CPS.0080"),
        ({"traffic_type": "bogus", "phone_ids": [ONE]}, "CPS.0116"),
        ({"phone_ids": [ONE]}, "CPS.0116"),
        ({"traffic_type": ["routing"], "phone_ids": [ONE]}, "CPS.0116"),
        ({"traffic_type": "routing", "phone_ids": [ONE], "dry_run": True}, "CPS.0080"),
        ([], "CPS.0080"),
    ],
)
async def test_a_body_that_is_wrong_is_refused_whole(
    client: TokenClient, body: object, code: str
) -> None:
    answer = await client.post_traffic(body)
    assert (answer.status_code, answer.json()["error_code"]) == (400, code)
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]


async def test_a_body_that_is_no_json_is_the_gateways_400(client: TokenClient) -> None:
    path = f"/v1/{client.project_id}/cloud-phone/phones-traffic"
    answer = await client.http.post(path, content=b"{")
    assert (answer.status_code, answer.json()["error_code"]) == (400, "APIGW.0201")


async def test_an_extra_field_may_be_borne(
    client: TokenClient, cloud: Cloud, ids: list[str]
) -> None:
    cloud.set(refuse_extra_fields=False)
    body = {"traffic_type": "routing", "phone_ids": ids[:1], "dry_run": True}
    assert (await client.post_traffic(body)).status_code == 200


async def test_a_malformed_id_may_refuse_the_whole_call_and_touch_nothing(
    client: TokenClient, cloud: Cloud, ids: list[str]
) -> None:
    cloud.set(malformed_id="call")
    answer = await client.divert([ids[0], "bad!"])
    assert (answer.status_code, answer.json()["error_code"]) == (400, "CPS.0004")
    assert not cloud.main.jobs.by_id


async def test_a_single_unknown_id_may_be_a_404(client: TokenClient, cloud: Cloud) -> None:
    cloud.set(unknown_id="call")
    answer = await client.divert([UNKNOWN])
    assert (answer.status_code, answer.json()["error_code"]) == (404, "CPS.0005")


async def test_the_answer_may_be_in_another_order(
    client: TokenClient, cloud: Cloud, ids: list[str]
) -> None:
    cloud.set(shuffle=True)
    answered = list(codes(await client.divert(ids[:100])))
    assert answered != ids[:100]
    assert sorted(answered) == sorted(ids[:100])


async def test_phones_missing_from_the_answer_are_diverted_all_the_same(
    client: TokenClient, cloud: Cloud, ids: list[str], clock: HandClock
) -> None:
    cloud.set(missing_share=0.3)
    answered = codes(await client.divert(ids[:100]))
    assert 10 < 100 - len(answered) < 50
    clock.passes(2)
    missing = next(i for i in ids[:100] if i not in answered)
    assert cloud.main.fleet.phones[missing].route(clock()) is Route.ROUTING


async def test_a_share_of_phones_is_refused_with_the_code_wanted(
    client: TokenClient, cloud: Cloud, ids: list[str]
) -> None:
    cloud.set(refuse_share=0.5, refuse_code="CPS.9999")
    found = list(codes(await client.divert(ids[:100])).values())
    assert 25 < found.count("CPS.9999") < 75
    assert found.count(None) == 100 - found.count("CPS.9999")


async def test_success_may_be_a_201(client: TokenClient, cloud: Cloud, ids: list[str]) -> None:
    cloud.set(success_status=201)
    assert (await client.divert(ids[:1])).status_code == 201


async def test_message_texts_may_be_those_of_other_pages(client: TokenClient, cloud: Cloud) -> None:
    plain = (await client.divert([UNKNOWN])).json()["jobs"][0]["error_msg"]
    cloud.set(wording="pages")
    other = (await client.divert([UNKNOWN])).json()["jobs"][0]["error_msg"]
    assert (plain, other) == ("Phone is not found.", "Phone not found.")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(picks=st.lists(st.integers(0, 320), min_size=1, max_size=100))
async def test_every_distinct_id_gets_exactly_one_entry(
    client: TokenClient, ids: list[str], picks: list[int]
) -> None:
    asked = [ids[n] if n < len(ids) else f"{n:032}" for n in picks]
    answer = await client.divert(asked)
    answered = [entry["phone_id"] for entry in answer.json()["jobs"]]
    assert answered == list(dict.fromkeys(asked))
