"""What has changed between two policies, in the words of the file."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.divert.policy import Approving, Freeze, Policy, Protected, Rule, Stage
from bot.divert.policy.changes import Change, How, Part, changes

DAY = Rule("by day", who=("requesters",), max_phones=500, approvals=(Stage(1, ("leads",)),))
NIGHT = Rule("by night", who=("oncall",), approvals=(Stage(1, ("leads",)),))
XMAS = Freeze("xmas", start=datetime(2026, 12, 24, tzinfo=UTC))
BEFORE = Policy({"requesters": frozenset({"UA", "UB"})}, rules=(DAY, NIGHT), freezes=(XMAS,))


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (BEFORE, ""),
        (replace(BEFORE, rules=(DAY, NIGHT, Rule("x"), Rule("y"))), "rules added: x, y"),
        (replace(BEFORE, rules=(NIGHT,)), "rules removed: by day"),
        (
            replace(BEFORE, rules=(replace(DAY, max_phones=9, routes=("direct",)), NIGHT)),
            "rules changed: by day (routes, max_phones)",
        ),
        (replace(BEFORE, rules=(NIGHT, DAY)), "rules reordered"),
        (replace(BEFORE, rules=(Rule("x"), NIGHT)), "rules added: x|rules removed: by day"),
        (replace(BEFORE, roles={}), "roles removed: requesters"),
        (
            replace(BEFORE, roles={**BEFORE.roles, "leads": frozenset()}),
            "roles added: leads",
        ),
        (
            replace(BEFORE, roles={"requesters": frozenset({"UB", "UD", "UC"})}),
            "roles changed: requesters (+UC, +UD, -UA)",
        ),
        (replace(BEFORE, protected=(Protected(("core-*",)),)), "protected changed"),
        (replace(BEFORE, freezes=()), "freezes removed: xmas"),
        (
            replace(BEFORE, freezes=(replace(XMAS, start=None, projects=("demo",)),)),
            "freezes changed: xmas (projects, from)",
        ),
        (replace(BEFORE, approving=Approving(type_above=5)), "approving changed"),
        (replace(BEFORE, operators=("oncall",)), "operators changed"),
    ],
)
def test_what_differs_is_told_by_its_name(after: Policy, told: str) -> None:
    found = changes(BEFORE, after)
    assert "|".join(map(str, found)) == told
    assert (after.version != BEFORE.version) == bool(found)


def test_a_rule_that_comes_or_goes_puts_the_others_in_no_other_order() -> None:
    first = replace(BEFORE, rules=(Rule("x"), DAY, NIGHT))
    assert changes(BEFORE, first) == (Change(Part.RULES, How.ADDED, ("x",)),)
    assert changes(first, BEFORE) == (Change(Part.RULES, How.REMOVED, ("x",)),)
