"""The forms that repeat a plan: what they show, and what comes back from them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.divert.outcome import Counts, PhoneState
from bot.divert.phones import Route
from bot.divert.request import Draft, Note, Request, State
from bot.divert.weighing import Weighed
from bot.divert.wording import words_in
from bot.slack.weighing_forms import (
    NUMBER,
    REASON,
    Given,
    approve_form,
    glass_form,
    number_mistakes,
    parse,
    reason_mistakes,
)
from tests.slack.test_form import checked, values_of

WORDS = words_in("en")


def weighed(phones: int = 1234, *, types: bool = True, reason: str = "ads") -> Weighed:
    draft = Draft("key", "U0ALICE", "demo", Route.ROUTING, reason=reason)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    note = Note(servers=(("edge-07", phones),), server_count=1, first=("a" * 64,) * 3)
    asked = Request("D-7K3M", draft, State.PENDING, 3, at, "0a1b2c3d4e5f" + "0" * 52, note=note)
    return Weighed(asked, Counts({PhoneState.PLANNED: phones}), types)


def given(view: dict[str, Any], **typed: str) -> Given:
    return parse({**view, "state": {"values": values_of(view, **typed)}})


@pytest.mark.parametrize("form", [approve_form, glass_form])
@pytest.mark.parametrize("reason", ["ads", "x" * 500, "<&>*" * 125])
def test_slack_takes_the_forms(form: Any, reason: str) -> None:  # noqa: ANN401 - either of them
    checked(form(weighed(reason=reason), "C0OPS", WORDS))


def test_the_form_repeats_who_asked_for_how_much_and_under_which_hash() -> None:
    view = approve_form(weighed(), "C0OPS", WORDS)
    told = "\n".join(one["text"]["text"] for one in view["blocks"] if one["type"] == "section")
    assert "Asked for by <@U0ALICE> in project demo: “ads”" in told
    assert "*1,234* phones change to *routing*, in 13 calls." in told
    assert "`D-7K3M`, plan `0a1b2c3d4e5f`" in told


def test_what_is_typed_comes_back_with_the_plan_that_was_looked_at() -> None:
    view = approve_form(weighed(), "C0OPS", WORDS)
    back = given(view, number=" 1.234 ")
    assert (back.request_id, back.plan, back.channel) == ("D-7K3M", "0a1b2c3d4e5f", "C0OPS")
    assert back.number == 1234


def test_a_glass_is_broken_with_a_reason_and_of_many_phones_with_their_number() -> None:
    back = given(glass_form(weighed(), "", WORDS), number="1234", reason=" down ")
    assert (back.number, back.reason) == (1234, "down")
    few = given(glass_form(weighed(3, types=False), "", WORDS), reason="down")
    assert (few.typed, few.number) == (None, None)
    assert number_mistakes(few, weighed(3, types=False), WORDS) == {}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("1234", {}),
        ("12", {NUMBER: "You typed 12, and 1,234 phones change. Nothing is decided yet."}),
        ("many", {NUMBER: "I read many, which is no number. Type how many phones change."}),
    ],
)
def test_another_number_is_told_at_its_field(typed: str, told: dict[str, str]) -> None:
    view = approve_form(weighed(), "C0OPS", WORDS)
    assert number_mistakes(given(view, number=typed), weighed(), WORDS) == told


def test_a_reason_that_is_missing_is_told_at_its_field() -> None:
    view = glass_form(weighed(), "", WORDS)
    assert set(reason_mistakes(given(view, number="5"), WORDS)) == {REASON}
    assert reason_mistakes(given(view, reason="down"), WORDS) == {}


def test_a_memory_that_cannot_be_read_names_no_request() -> None:
    back = parse({"private_metadata": "[]", "state": {"values": {}}})
    assert back == Given("", "", "", None, "")
