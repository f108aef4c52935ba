"""The official SDK, unchanged, against the cloud: its signer proves ours."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from huaweicloudsdkcph.v1 import (
    CphClient,
    ImportTrafficRequest,
    ImportTrafficRequestBody,
    ListCloudPhoneServersRequest,
    ListCloudPhonesRequest,
    ListEncodeServersRequest,
    ListJobsRequest,
    ListProjectTagsRequest,
    ListResourceInstancesRequest,
    ListResourceInstancesRequestBody,
    ShowCloudPhoneDetailRequest,
    ShowJobRequest,
    Tags,
)

from sandbox.cloud.accounts import (
    ACCESS_KEY,
    READER_ACCESS_KEY,
    READER_SECRET_KEY,
    SECRET_KEY,
)
from sandbox.cloud.cloud import REGION, Cloud
from sandbox.cloud.fleet import PROJECT_ID
from tests.sandbox.cloud.clients import HandClock, TokenClient, sdk_client


def _import(ids: list[str], route: str = "routing") -> ImportTrafficRequest:
    return ImportTrafficRequest(
        body=ImportTrafficRequestBody(traffic_type=route, phone_ids=ids),
    )


async def _refused(call: Callable[[Any], Any], request: object) -> ClientRequestException:
    with pytest.raises(ClientRequestException) as caught:
        await asyncio.to_thread(call, request)
    return caught.value


async def test_it_diverts_phones_and_follows_their_jobs(
    url: str, clock: HandClock, ids: list[str]
) -> None:
    client = sdk_client(url)
    answer = await asyncio.to_thread(client.import_traffic, _import(ids[:3]))
    assert answer.status_code == 200
    assert [job.phone_id for job in answer.jobs] == ids[:3]
    clock.passes(2)
    rows = await asyncio.to_thread(
        client.list_jobs, ListJobsRequest(request_id=answer.request_id, limit=100, offset=0)
    )
    assert {row.job_id: row.status for row in rows.jobs} == {j.job_id: 2 for j in answer.jobs}


async def test_it_shows_a_job(url: str, clock: HandClock, ids: list[str]) -> None:
    client = sdk_client(url)
    answer = await asyncio.to_thread(client.import_traffic, _import(ids[:1]))
    asked = ShowJobRequest(job_id=answer.jobs[0].job_id)
    assert (await asyncio.to_thread(client.show_job, asked)).status == 1
    clock.passes(2)
    job = await asyncio.to_thread(client.show_job, asked)
    assert (job.status, job.phone_id, job.error_code) == (2, ids[0], None)


async def test_it_lists_phones_by_every_filter(url: str, cloud: Cloud) -> None:
    server_id = next(iter(cloud.main.fleet.servers))
    asked = ListCloudPhonesRequest(
        offset=0, limit=7, phone_name="mobile", server_id=server_id, status=2, type=0
    )
    answer = await asyncio.to_thread(sdk_client(url).list_cloud_phones, asked)
    assert (answer.count, len(answer.phones)) == (60, 7)
    assert {phone.server_id for phone in answer.phones} == {server_id}


@pytest.mark.parametrize("name", ["a b", "a+b&c=d", "云手机", "50%", "~x/y?z"])
async def test_its_signature_holds_for_awkward_queries(url: str, name: str) -> None:
    asked = ListCloudPhonesRequest(phone_name=name)
    answer = await asyncio.to_thread(sdk_client(url).list_cloud_phones, asked)
    assert answer.count == 0


async def test_it_shows_a_phone_in_detail(url: str, ids: list[str]) -> None:
    asked = ShowCloudPhoneDetailRequest(phone_id=ids[0])
    phone = await asyncio.to_thread(sdk_client(url).show_cloud_phone_detail, asked)
    assert (phone.phone_id, phone.traffic_type, phone.status) == (ids[0], "direct", 2)
    assert phone.access_infos[0].type == "adb"


async def test_it_lists_servers(url: str) -> None:
    asked = ListCloudPhoneServersRequest(server_name="edge-0", limit=2)
    answer = await asyncio.to_thread(sdk_client(url).list_cloud_phone_servers, asked)
    assert answer.count == 5
    assert [server.server_name for server in answer.servers] == ["edge-05", "edge-04"]


async def test_it_lists_encoding_containers(url: str) -> None:
    asked = ListEncodeServersRequest(type=1, status=1)
    answer = await asyncio.to_thread(sdk_client(url).list_encode_servers, asked)
    assert [(row.type, row.status) for row in answer.encode_servers] == [(1, 1)] * 5


async def test_it_finds_servers_by_tag(url: str) -> None:
    body = ListResourceInstancesRequestBody(
        action="filter", limit="10", offset="0", tags=[Tags(key="env", values=["staging"])]
    )
    asked = ListResourceInstancesRequest(resource_type="cph-server", body=body)
    answer = await asyncio.to_thread(sdk_client(url).list_resource_instances, asked)
    assert [r.resource_name for r in answer.resources] == ["edge-05"]


async def test_it_lists_the_tags_of_the_project(url: str) -> None:
    asked = ListProjectTagsRequest(resource_type="cph-server")
    answer = await asyncio.to_thread(sdk_client(url).list_project_tags, asked)
    assert {tag.key: tag.values for tag in answer.tags} == {
        "env": ["production", "staging"],
        "rack": ["r1"],
    }
    assert answer.total_count == 2


async def test_it_finds_the_project_by_the_region_name(url: str) -> None:
    credentials = BasicCredentials(ACCESS_KEY, SECRET_KEY).with_iam_endpoint(url)

    def listed() -> int:
        builder = CphClient.new_builder().with_credentials(credentials)
        client = builder.with_region(Region(REGION, url)).build()
        count: int = client.list_cloud_phones(ListCloudPhonesRequest()).count
        return count

    assert await asyncio.to_thread(listed) == 300


async def test_it_works_with_temporary_keys(client: TokenClient, url: str) -> None:
    key = await _temporary_key(client)
    sdk = sdk_client(url, key["access"], key["secret"], security_token=key["securitytoken"])
    answer = await asyncio.to_thread(sdk.list_cloud_phones, ListCloudPhonesRequest())
    assert answer.count == 300


async def test_a_temporary_key_without_its_token_is_refused(client: TokenClient, url: str) -> None:
    key = await _temporary_key(client)
    sdk = sdk_client(url, key["access"], key["secret"])
    refusal = await _refused(sdk.list_cloud_phones, ListCloudPhonesRequest())
    assert (refusal.status_code, refusal.error_code) == (401, "APIGW.0301")


async def test_a_temporary_keys_token_must_be_signed(client: TokenClient, url: str) -> None:
    key = await _temporary_key(client)
    headers = {"Host": url.removeprefix("http://"), "X-Project-Id": PROJECT_ID}
    path = f"/v1/{PROJECT_ID}/cloud-phone/phones"
    request = SdkRequest("GET", "http", headers["Host"], path, None, [], headers, b"")
    Signer(BasicCredentials(key["access"], key["secret"])).sign(request)
    sent = request.header_params | {"X-Security-Token": key["securitytoken"]}
    async with httpx.AsyncClient(trust_env=False) as plain:
        answer = await plain.get(url + path, headers=sent)
    assert answer.status_code == 401
    assert "x-security-token is not signed" in answer.json()["error_msg"]


async def test_ending_what_was_issued_leaves_permanent_keys_good(url: str, cloud: Cloud) -> None:
    cloud.accounts.expire_issued(cloud.now())
    answer = await asyncio.to_thread(sdk_client(url).list_cloud_phones, ListCloudPhonesRequest())
    assert answer.count == 300


async def test_a_temporary_key_ends(client: TokenClient, url: str, clock: HandClock) -> None:
    clock.passes(-10)  # it ends 890 s from now, before the SDK's own clock is 15 min behind
    key = await _temporary_key(client)
    sdk = sdk_client(url, key["access"], key["secret"], security_token=key["securitytoken"])
    clock.passes(899)
    assert (await asyncio.to_thread(sdk.list_cloud_phones, ListCloudPhonesRequest())).count == 300
    clock.passes(2)
    refusal = await _refused(sdk.list_cloud_phones, ListCloudPhonesRequest())
    assert refusal.status_code == 401
    assert "token expires" in refusal.error_msg


async def _temporary_key(client: TokenClient) -> dict[str, str]:
    body = {"auth": {"identity": {"methods": ["token"], "token": {"duration_seconds": 900}}}}
    answer = await client.http.post("/v3.0/OS-CREDENTIAL/securitytokens", json=body)
    assert answer.status_code == 201
    credential: dict[str, str] = answer.json()["credential"]
    return credential


async def test_a_wrong_secret_is_refused_with_the_canonical_request(url: str) -> None:
    sdk = sdk_client(url, secret="another")
    refusal = await _refused(sdk.list_cloud_phones, ListCloudPhonesRequest(limit=3))
    assert (refusal.status_code, refusal.error_code) == (401, "APIGW.0301")
    assert "|limit=3|" in refusal.error_msg


async def test_an_unknown_key_is_refused(url: str) -> None:
    sdk = sdk_client(url, access="NOBODY")
    refusal = await _refused(sdk.list_cloud_phones, ListCloudPhonesRequest())
    assert (refusal.status_code, refusal.error_code) == (401, "APIGW.0301")


async def test_five_wrong_signatures_lock_the_key_for_five_minutes(
    url: str, clock: HandClock
) -> None:
    wrong, right = sdk_client(url, secret="another"), sdk_client(url)
    for _ in range(5):
        await _refused(wrong.list_cloud_phones, ListCloudPhonesRequest())
    refusal = await _refused(right.list_cloud_phones, ListCloudPhonesRequest())
    assert "AK access failed to reach the limit" in refusal.error_msg
    clock.passes(301)
    assert (await asyncio.to_thread(right.list_cloud_phones, ListCloudPhonesRequest())).count == 300


async def test_four_wrong_signatures_and_a_right_one_lock_nothing(url: str) -> None:
    wrong, right = sdk_client(url, secret="another"), sdk_client(url)
    for _ in range(2):
        for _ in range(4):
            await _refused(wrong.list_cloud_phones, ListCloudPhonesRequest())
        answer = await asyncio.to_thread(right.list_cloud_phones, ListCloudPhonesRequest())
        assert answer.count == 300


@pytest.mark.parametrize("minutes", [16, -16])
async def test_a_clock_more_than_15_minutes_off_is_refused(
    url: str, clock: HandClock, minutes: int
) -> None:
    clock.passes(minutes * 60)
    refusal = await _refused(sdk_client(url).list_cloud_phones, ListCloudPhonesRequest())
    assert (refusal.status_code, refusal.error_code) == (401, "APIGW.0301")


async def test_a_reader_may_list_and_not_divert(url: str, ids: list[str]) -> None:
    reader = sdk_client(url, READER_ACCESS_KEY, READER_SECRET_KEY)
    assert (await asyncio.to_thread(reader.list_cloud_phones, ListCloudPhonesRequest())).count
    refusal = await _refused(reader.import_traffic, _import(ids[:1]))
    assert (refusal.status_code, refusal.error_code) == (403, "CPS.0001")


async def test_another_project_is_refused(url: str) -> None:
    sdk = sdk_client(url, project_id="0" * 32)
    refusal = await _refused(sdk.list_cloud_phones, ListCloudPhonesRequest())
    assert (refusal.status_code, refusal.error_code) == (403, "CPS.0001")


async def test_it_reads_the_request_id_from_the_header(url: str) -> None:
    refusal = await _refused(sdk_client(url).show_job, ShowJobRequest(job_id="0" * 32))
    assert (refusal.status_code, refusal.error_code) == (404, "CPS.0011")
    assert len(refusal.request_id) == 32
