from datetime import UTC, datetime
from typing import Any

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from hypothesis import given
from hypothesis import strategies as st

from bot.cph.settings import AkSk
from bot.cph.signing import Unsigned, query_string, sign

AT = datetime(2026, 11, 24, 10, 29, 8, tzinfo=UTC)
KEY = AkSk("AKID", "SKSECRET")
USER_AGENT = (
    "huaweicloud-usdk-python/3.0; os/Linux##1_SMP_PREEMPT_DYNAMIC_@0#x86_64 python/3.11.7 "
    "impl/CPython; app/4221f601-3cb0-44e6-aef3-e73a769d3e1c"
)

names = st.from_regex(r"\A[A-Za-z][A-Za-z0-9-]{0,11}\Z")
texts = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF), max_size=12)


def signature(headers: dict[str, str]) -> str:
    return headers["Authorization"].rpartition("Signature=")[2]


def test_the_known_call_gets_the_known_signature() -> None:
    call = Unsigned(
        "POST",
        "/v1/proj123/cloud-phone/phones-traffic",
        headers={
            "Content-Type": "application/json",
            "Host": "127.0.0.1:38887",
            "User-Agent": USER_AGENT,
            "X-Project-Id": "proj123",
        },
        body=b'{"traffic_type": "routing", "phone_ids": ["p1", "p2"]}',
    )
    assert signature(sign(call, KEY, AT)) == (
        "d945eef2c3980675b520504590b2265a949bd98f6ef76e97a142ad3068fa2424"
    )


def by_the_sdk(call: Unsigned, at: datetime) -> str:
    headers: dict[str, Any] = {**call.headers, "X-Sdk-Date": at.strftime("%Y%m%dT%H%M%SZ")}
    request = SdkRequest(
        method=call.method,
        schema="https",
        host=call.headers["Host"],
        resource_path=call.path,
        query_params=list(call.query),
        header_params=headers,
        body=call.body,
    )
    signed = Signer(BasicCredentials(KEY.ak, KEY.sk)).sign(request)
    return str(signed.header_params["Authorization"])


@given(
    method=st.sampled_from(["GET", "POST", "put", "DELETE"]),
    path=st.from_regex(r"\A(/[A-Za-z0-9._~%-]{0,8}){1,4}/?\Z").filter(lambda path: path != ""),
    query=st.lists(st.tuples(texts, texts), max_size=5, unique_by=lambda pair: pair[0]),
    more=st.dictionaries(names.filter(lambda name: "x-sdk" not in name.lower()), texts, max_size=4),
    odd=st.booleans(),
    body=st.binary(max_size=60),
    at=st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)),  # noqa: DTZ001 - the SDK's are naive
)
def test_every_call_is_signed_as_the_official_sdk_signs_it(  # noqa: PLR0913 - a call has parts
    *,
    method: str,
    path: str,
    query: list[tuple[str, str]],
    more: dict[str, str],
    odd: bool,
    body: bytes,
    at: datetime,
) -> None:
    own = {"Host": "cph.example:8443", "Content-Type": "application/json"}
    lower = {name.lower(): value for name, value in more.items()}
    headers = own | {name: lower[name] for name in lower.keys() - {"host", "content-type"}}
    headers |= {"X_Odd": "not signed"} if odd else {}
    call = Unsigned(method, path, tuple(query), headers, body)
    assert sign(call, KEY, at)["Authorization"] == by_the_sdk(call, at)


@given(st.lists(st.tuples(texts, texts), max_size=5))
def test_the_query_is_sent_in_the_order_and_spelling_that_is_signed(
    query: list[tuple[str, str]],
) -> None:
    assert query_string(query) == query_string(reversed(query))
    assert query_string(query).isascii()
    assert " " not in query_string(query)


def test_a_security_token_is_sent_and_signed() -> None:
    headers = sign(Unsigned("GET", "/v1", headers={"Host": "h"}), AkSk("a", "s", "tok"), AT)
    assert headers["X-Security-Token"] == "tok"
    assert "SignedHeaders=host;x-sdk-date;x-security-token," in headers["Authorization"]


def test_a_later_try_has_another_date_and_signature() -> None:
    call = Unsigned("GET", "/v1", headers={"Host": "h"})
    earlier, later = sign(call, KEY, AT), sign(call, KEY, AT.replace(minute=30))
    assert earlier["X-Sdk-Date"] == "20261124T102908Z"
    assert later["X-Sdk-Date"] == "20261124T103008Z"
    assert signature(earlier) != signature(later)


def test_secrets_do_not_show_in_a_repr() -> None:
    assert "SKSECRET" not in repr(KEY)
    assert "tok" not in repr(AkSk("a", "s", "tok"))
