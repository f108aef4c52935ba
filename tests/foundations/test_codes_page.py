"""The page of the cloud's codes is what the bot goes by, and lacks none that matters."""

import pytest

from bot.cph.errors import classify, explain
from bot.divert.failures import CloudFailure, NotSent, Rejected, Stop, TryLater, Unclear
from tests.foundations.codes_page import DEEDS, PAGE, page, rows

# All that concern phones, their servers, containers and jobs, and all of the gateway:
# https://support.huaweicloud.com/api-cph/ErrorCode.html
# https://support.huaweicloud.com/devg-apisign/api-sign-errorcode.html
CPS = (
    "0001 0002 0003 0004 0005 0006 0007 0008 0009 0010 0011 0042 0046 0048 0049 0050 0053 0054 "
    "0077 0080 0081 0094 0095 0097 0099 0121 0122 0123 0124 0141 0161 0165 0190 0195 0201 0202"
)
APIGW = "0101 0103 0104 0105 0106 0201 0301 0302 0303 0308"
BEGINNINGS: dict[type[CloudFailure], tuple[str, ...]] = {
    NotSent: ("Waits",),
    TryLater: ("Tries again",),
    Stop: ("Halts",),
    Rejected: ("Goes on", "Below 500 goes on"),
    Unclear: ("Gives up", "Below 500 goes on"),
}


def test_the_page_is_made_from_the_table() -> None:
    made = "make it anew: python -m tests.foundations.codes_page"
    assert PAGE.read_text(encoding="utf-8") == page(), made


@pytest.mark.parametrize("number", CPS.split())
def test_every_code_of_the_service_that_matters_is_on_it(number: str) -> None:
    assert f"| `CPS.{number}` |" in page()


@pytest.mark.parametrize("number", APIGW.split())
def test_every_code_of_the_gateway_is_on_it(number: str) -> None:
    assert f"| `APIGW.{number}` |" in page()


@pytest.mark.parametrize("code", [code for code in rows() if code.startswith(("CPS", "APIGW"))])
@pytest.mark.parametrize("status", [400, 500])
def test_what_it_says_the_bot_does_is_what_the_bot_does(code: str, status: int) -> None:
    deed = DEEDS[rows()[code]["class"]]
    assert deed.startswith(BEGINNINGS[classify(status, code)])


def test_it_says_what_people_are_told() -> None:
    for code in rows():
        meaning, advice = explain(code)
        assert meaning in page()
        assert advice in page()


def test_each_line_has_four_cells() -> None:
    lines = [line for line in page().splitlines() if line.startswith("|")]
    assert len(lines) == len(rows()) + 2
    assert {line.count("|") for line in lines} == {5}
