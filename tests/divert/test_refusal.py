"""A refusal says which rule it is about, and who may ask for the same."""

from datetime import UTC, datetime

import pytest

from bot.divert.phones import Route
from bot.divert.policy import Effect, Policy, Refused, Rule, Why, Wish, who_could
from bot.divert.wording import words_in
from bot.slack.mrkdwn import mrkdwn

WORDS = words_in("en")
NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)
ROLES = {"few": frozenset({"UA", "UB"}), "many": frozenset({"UC", "SX"}), "bad": frozenset({"UC"})}
FEW = Rule("few", who=("few",), max_phones=10)
MANY = Rule("many", who=("many",), max_phones=100)


def could(phones: int, *rules: Rule) -> tuple[str, ...]:
    wish = Wish("demo", Route.ROUTING, "C0OPS", NOW, phones)
    return who_could(Policy(ROLES, rules), wish)


def test_those_may_ask_whose_rules_fit_the_wish() -> None:
    assert could(5, FEW, MANY) == ("SX", "UA", "UB", "UC")
    assert could(50, FEW, MANY) == ("SX", "UC")
    assert could(500, FEW, MANY) == ()


def test_a_rule_that_breaks_glass_lets_nobody_ask() -> None:
    assert could(5, Rule("x", who=("few",), effect=Effect.BREAK_GLASS)) == ()


def test_whom_a_rule_denies_it_may_not_ask_and_none_may_what_it_denies_to_all() -> None:
    denied = Rule("no", who=("bad",), effect=Effect.DENY, min_phones=5)
    assert could(5, MANY, denied) == ("SX",)
    assert could(4, MANY, denied) == ("SX", "UC")
    assert could(5, MANY, Rule("no", effect=Effect.DENY, min_phones=5)) == ()


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (
            Refused(Why.TOO_MANY, 500, "by day"),
            (
                "The policy lets you change at most 500 phones at a time. "
                "The rule that comes closest is `by day`."
            ),
        ),
        (
            Refused(Why.TOO_MANY, 500, "by day", ("S0OPS", "U0DAVE")),
            (
                "The policy lets you change at most 500 phones at a time. "
                "The rule that comes closest is `by day`. "
                "This may be asked for by <!subteam^S0OPS>, <@U0DAVE>."
            ),
        ),
        (
            Refused(Why.NO_RULE, could=tuple(f"U0X{n}" for n in range(7))),
            (
                "No rule of the policy lets you ask for this. This may be asked for by <@U0X0>, "
                "<@U0X1>, <@U0X2>, <@U0X3>, <@U0X4> and 2 more."
            ),
        ),
        (
            Refused(Why.DENIED, rule="never", could=("U0DAVE",)),
            "The policy denies this, by its rule `never`. This may be asked for by <@U0DAVE>.",
        ),
        (
            Refused(Why.OWN_REQUEST, rule="by day"),
            "Nobody decides on their own request, but you may withdraw it. Ask .",
        ),
        (Refused(Why.GUEST, could=("U0DAVE",)), "Guests may not do this."),
    ],
)
def test_a_refusal_names_the_rule_and_who_could(refused: Refused, told: str) -> None:
    assert mrkdwn(WORDS.refusal(refused)) == told
