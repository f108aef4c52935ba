"""The signature check against the official signer, and against one fixed vector."""

from typing import Any

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from hypothesis import given
from hypothesis import strategies as st

from sandbox.cloud.signing import Claim, Wire, canonical_request, is_signed_by, signature

SECRET = "SKSECRET"
VECTOR = Wire(
    "POST",
    "/v1/proj123/cloud-phone/phones-traffic",
    {
        "host": "127.0.0.1:38887",
        "content-type": "application/json",
        "x-project-id": "proj123",
        "x-sdk-date": "20261124T102908Z",
        "user-agent": "huaweicloud-usdk-python/3.0; os/Linux##1_SMP_PREEMPT_DYNAMIC_@0#x86_64 "
        "python/3.11.7 impl/CPython; app/4221f601-3cb0-44e6-aef3-e73a769d3e1c",
    },
    b'{"traffic_type": "routing", "phone_ids": ["p1", "p2"]}',
)
CLAIM = Claim(
    "AKID",
    ("content-type", "host", "user-agent", "x-project-id", "x-sdk-date"),
    "d945eef2c3980675b520504590b2265a949bd98f6ef76e97a142ad3068fa2424",
)


def test_the_known_vector_is_recognised() -> None:
    assert is_signed_by(SECRET, CLAIM, VECTOR)


@pytest.mark.parametrize(
    "change",
    [
        {"method": "PUT"},
        {"target": "/v1/proj124/cloud-phone/phones-traffic"},
        {"target": "/v1/proj123/cloud-phone/phones-traffic?limit=1"},
        {"body": b"{}"},
        {"headers": dict(VECTOR.headers) | {"host": "127.0.0.1:1"}},
        {"headers": dict(VECTOR.headers) | {"x-sdk-date": "20261124T102909Z"}},
    ],
)
def test_a_call_changed_after_signing_is_not_recognised(change: dict[str, Any]) -> None:
    changed = {
        "method": VECTOR.method,
        "target": VECTOR.target,
        "headers": VECTOR.headers,
        "body": VECTOR.body,
    } | change
    assert not is_signed_by(SECRET, CLAIM, Wire(**changed))


def test_another_secret_is_not_recognised() -> None:
    assert not is_signed_by("SKOTHER", CLAIM, VECTOR)


@pytest.mark.parametrize(("left_out", "good"), [("user-agent", True), ("host", False)])
def test_a_right_signature_without_the_host_is_not_recognised(left_out: str, good: bool) -> None:
    signed = tuple(name for name in CLAIM.signed if name != left_out)
    right = signature(SECRET, VECTOR.headers["x-sdk-date"], canonical_request(VECTOR, signed))
    assert is_signed_by(SECRET, Claim("AKID", signed, right), VECTOR) is good


@pytest.mark.parametrize("text", ["", "Bearer x", "SDK-HMAC-SHA256 Access=a, Signature=b"])
def test_another_authorization_is_no_claim(text: str) -> None:
    assert Claim.read(text) is None


def _officially_signed(
    method: str, path: str, query: list[tuple[str, Any]], headers: dict[str, str], body: bytes
) -> SdkRequest:
    request = SdkRequest(
        method=method,
        schema="http",
        host="127.0.0.1:8080",
        resource_path=path,
        query_params=query,
        header_params=dict(headers),
        body=body,
    )
    return Signer(BasicCredentials("AKID", SECRET)).sign(request)


words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12
)
path_parts = words.filter(lambda part: "?" not in part and "#" not in part and "%" not in part)


@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    parts=st.lists(path_parts, min_size=1, max_size=4),
    query=st.lists(st.tuples(words, words), max_size=5),
    body=st.binary(max_size=50),
)
def test_whatever_the_official_signer_signs_is_recognised(
    method: str, parts: list[str], query: list[tuple[str, str]], body: bytes
) -> None:
    path = "/" + "/".join(parts)
    request = _officially_signed(method, path, query, {"Content-Type": "application/json"}, body)
    headers = {name.lower(): value for name, value in request.header_params.items()}
    claim = Claim.read(headers["authorization"])
    assert claim is not None
    assert is_signed_by(SECRET, claim, Wire(method, request.uri, headers, body))


def test_the_order_of_the_query_on_the_wire_does_not_matter() -> None:
    query = [("b", "2"), ("a", "1"), ("a", "0")]
    request = _officially_signed("GET", "/v1/p", query, {}, b"")
    headers = {name.lower(): value for name, value in request.header_params.items()}
    claim = Claim.read(headers["authorization"])
    assert claim is not None
    assert is_signed_by(SECRET, claim, Wire("GET", "/v1/p?b=2&a=1&a=0", headers, b""))
    assert not is_signed_by(SECRET, claim, Wire("GET", "/v1/p?b=2&a=1", headers, b""))
