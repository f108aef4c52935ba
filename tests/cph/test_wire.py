import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cph.wire import (
    EncodeServersBody,
    JobRow,
    JobsBody,
    PhonesBody,
    ResourcesBody,
    ServersBody,
    TagsBody,
    TokenBody,
    Unreadable,
    read_code,
    read_error,
    read_message,
    read_object,
)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def jobs(row: dict[str, Any]) -> JobRow:
    return JobsBody.model_validate({"jobs": [row]}).jobs[0]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("CPS.0005", "CPS.0005"),
        ("CPS0005", "CPS.0005"),
        (" cps.0005 ", "CPS.0005"),
        ("APIG.0308", "APIG.0308"),
        ("APIGW0308", "APIGW.0308"),
        ("Other.Code", "Other.Code"),
        ("a\nb", ""),
        ("", ""),
        (None, ""),
        (401, ""),
    ],
)
def test_a_code_is_read_in_its_usual_spelling(value: object, code: str) -> None:
    assert read_code(value) == code


@pytest.mark.parametrize("nothing", [{}, {"error_code": None}, {"error_code": ""}])
def test_no_error_is_no_error_however_it_is_written(nothing: dict[str, Any]) -> None:
    assert jobs({"phone_id": "p", "job_id": "j", **nothing}).error_code == ""


@pytest.mark.parametrize("status", [2, "2", 2.0, " 2 "])
def test_a_number_may_come_as_text(status: object) -> None:
    assert jobs({"status": status}).status == 2


@pytest.mark.parametrize("status", [None, "", "done", [], float("inf"), float("nan")])
def test_a_number_that_is_none_is_absent(status: object) -> None:
    assert jobs({"status": status}).status is None


def test_an_id_may_come_as_a_number() -> None:
    assert jobs({"job_id": 17}).job_id == "17"
    assert jobs({"job_id": True}).job_id == ""


def test_half_a_character_is_dropped() -> None:
    body = read_object(b'{"jobs": [{"phone_id": "p\\ud800q", "error_msg": "a\\udc00b"}]}')
    row = JobsBody.model_validate(body).jobs[0]
    assert (row.phone_id, row.error_msg) == ("pq", "a b")


def test_rows_that_are_no_objects_are_dropped() -> None:
    assert len(JobsBody.model_validate({"jobs": [None, "x", {"job_id": "j"}]}).jobs) == 1
    assert JobsBody.model_validate({"jobs": None}).jobs == []


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"x"', b"{", b"\xff\xfe", b"[" * 99999])
def test_a_body_that_is_no_object_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read_object(body)


@given(
    st.dictionaries(st.text(), anything)
    | st.fixed_dictionaries(
        {
            "jobs": st.lists(anything),
            "phones": st.lists(anything),
            "token": anything,
            "servers": st.lists(anything),
            "resources": st.lists(st.fixed_dictionaries({"tags": anything})),
            "tags": st.lists(st.fixed_dictionaries({"key": anything, "values": anything})),
        }
    )
)
def test_any_object_is_read_without_an_error(found: dict[str, Any]) -> None:
    body = read_object(json.dumps(found).encode())
    JobsBody.model_validate(body)
    PhonesBody.model_validate(body)
    TokenBody.model_validate(body)
    EncodeServersBody.model_validate(body)
    ServersBody.model_validate(body)
    ResourcesBody.model_validate(body)
    TagsBody.model_validate(body)
    code, message = read_error(body)
    assert len(code) <= 64
    assert len(message) <= 300


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"error_code": "CPS.0001", "error_msg": "no"}, ("CPS.0001", "no")),
        ({"error_code": "APIGW.0308", "error_message": "slow"}, ("APIGW.0308", "slow")),
        ({"errorCode": "APIG.0301", "errorMsg": "who"}, ("APIG.0301", "who")),
        ({"code": "X.1", "message": "m"}, ("X.1", "m")),
        ({"error": {"code": 401, "message": "bad", "title": "Unauthorized"}}, ("", "bad")),
        ({"error": {"error_code": "CPS0001", "error_msg": "no"}}, ("CPS.0001", "no")),
        ({"data": {"fault": {"errorCode": "APIGW.0101", "message": "x"}}}, ("APIGW.0101", "x")),
        ({"error_code": "CPS.0003", "data": {"error_code": "CPS.0005"}}, ("CPS.0003", "")),
        ({"error_code": "", "error": {"code": "CPS.0005"}}, ("CPS.0005", "")),
        ({"error": None}, ("", "")),
        ({}, ("", "")),
    ],
)
def test_an_error_is_found_under_all_its_names(
    body: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert read_error(body) == expected


def test_in_a_success_only_the_outermost_names_are_an_error() -> None:
    body = {"custom_property": {"code": "CPS.0001", "message": "mine"}, "phone_id": "p"}
    assert read_error(body, deep=False) == ("", "")
    assert read_error({"error": {"code": "CPS.0001"}}, deep=False) == ("CPS.0001", "")


def test_a_body_nested_without_measure_is_read_too() -> None:
    body: dict[str, Any] = {"error_code": "CPS.0005"}
    for _ in range(5000):
        body = {"error": body}
    assert read_error(body) == ("CPS.0005", "")


def test_the_gateway_s_echo_of_the_call_is_left_out() -> None:
    said = "verify aksk signature fail, canonicalRequest:POST|/v1/|x-security-token:secret|"
    assert read_message(said) == "verify aksk signature fail"


def test_a_message_is_one_line_of_bounded_length() -> None:
    assert read_message("a\r\n\tb  c") == "a b c"
    assert len(read_message("x" * 5000)) == 300
