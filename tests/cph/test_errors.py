import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cph.errors import (
    Stated,
    classify,
    codes_of,
    explain,
    is_unauthorized,
    stated_limit,
)
from bot.divert.failures import CloudFailure, NotSent, Rejected, Stop, TryLater, Unclear

ANY_STATUS = [200, 400, 401, 403, 404, 429, 500, 503]


def table() -> dict[str, dict[str, str]]:
    text = resources.files("bot.cph").joinpath("codes.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@pytest.mark.parametrize("status", ANY_STATUS)
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("APIGW.0308", NotSent),
        ("APIG.0308", NotSent),
        ("CPS.0003", TryLater),
        ("CPS.0042", TryLater),
        ("CPS0042", TryLater),
        ("CPS.0054", TryLater),
        ("CPS.0001", Stop),
        ("CPS.0006", Stop),
        ("CPS.0007", Stop),
        ("CPS.0008", Stop),
        ("APIGW.0301", Stop),
        ("APIGW.0302", Stop),
        ("APIG.0302", Stop),
        ("CPS.0005", Rejected),
        ("CPS.0190", Rejected),
    ],
)
def test_a_known_code_decides_whatever_the_status(
    status: int, code: str, kind: type[CloudFailure]
) -> None:
    assert classify(status, code) is kind


@pytest.mark.parametrize("code", ["", "CPS.9999", "APIGW.0201", "SOMETHING"])
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, Stop),
        (400, Rejected),
        (401, Stop),
        (404, Rejected),
        (429, NotSent),
        (500, Unclear),
        (502, Unclear),
        (504, Unclear),
    ],
)
def test_without_a_telling_code_the_status_decides(
    status: int, code: str, kind: type[CloudFailure]
) -> None:
    assert classify(status, code) is kind


def test_the_codes_that_pass_are_those_the_cloud_says_to_try_later() -> None:
    assert codes_of(TryLater) == {"CPS.0003", "CPS.0042", "CPS.0054"}


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (401, "", True),
        (400, "APIG.0301", True),
        (401, "CPS.0001", True),
        (403, "APIGW.0302", False),
        (403, "CPS.0001", False),
    ],
)
def test_a_login_is_refused_by_401_or_by_its_codes(status: int, code: str, expected: bool) -> None:
    assert is_unauthorized(status, code) is expected


@pytest.mark.parametrize(
    ("message", "limit"),
    [
        ("policy user over ratelimit,limit:10,time:1 second", Stated(10, 1.0)),
        ("policy user over ratelimit,limit:10,time:1 minute", Stated(10, 60.0)),
        ("limit: 600 , time: 2 Minutes", Stated(600, 120.0)),
        ("limit:5,time:1 hour", Stated(5, 3600.0)),
        ("limit:0,time:1 second", None),
        ("limit:10,time:0 second", None),
        ("limit:10", None),
        ("too many", None),
    ],
)
def test_a_limit_is_read_from_the_message(message: str, limit: Stated | None) -> None:
    assert stated_limit(message) == limit


@given(st.text())
def test_no_message_breaks_the_reading_of_a_limit(message: str) -> None:
    limit = stated_limit(message)
    assert limit is None or limit.rate > 0


def test_every_code_is_explained_in_sentences() -> None:
    for code, row in table().items():
        meaning, advice = explain(code)
        assert (meaning, advice) == (row["meaning"], row["advice"])
        assert meaning.endswith(".")
        assert advice.endswith((".", "them.", "it."))


def test_the_gateway_s_two_names_are_explained_alike() -> None:
    assert explain("APIG.0308") == explain("APIGW.0308")


def test_a_code_without_its_dot_is_explained_alike() -> None:
    assert explain("CPS0005") == explain("CPS.0005")


def test_a_status_without_a_code_is_explained_by_its_family() -> None:
    assert explain("HTTP.503") == explain("HTTP.500")
    assert explain("HTTP.503") != explain("HTTP.404")
    assert explain("HTTP.401") != explain("HTTP.404")


def test_an_unknown_code_is_named_and_says_where_to_look() -> None:
    meaning, advice = explain("CPS.9876")
    assert "CPS.9876" in meaning
    assert "https://support.huaweicloud.com/" in advice


def test_no_code_at_all_is_explained_too() -> None:
    assert explain("").meaning == "The cloud gave no reason."
