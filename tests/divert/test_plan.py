import string

from hypothesis import given
from hypothesis import strategies as st

from bot.divert.phones import Phone, Route
from bot.divert.plan import Plan, cut_plan

ids = st.lists(st.text(string.hexdigits, min_size=16, max_size=20), unique=True)


def phones(*routes: str) -> dict[str, Phone]:
    return {f"phone-{n:012}": Phone(f"phone-{n:012}", route, "s") for n, route in enumerate(routes)}


def plan_of(seen: dict[str, Phone], *more: str, project: str = "demo") -> Plan:
    return cut_plan(project, Route.ROUTING, [*seen, *more], seen)


def test_phones_are_changed_unchanged_or_unknown() -> None:
    plan = plan_of(phones("direct", "routing", "direct"), "nowhere")
    assert [phone.id for phone in plan.changes] == ["phone-000000000000", "phone-000000000002"]
    assert [phone.id for phone in plan.unchanged] == ["phone-000000000001"]
    assert plan.unknown == ("nowhere",)


def test_the_hash_binds_project_route_phones_order_and_route_before() -> None:
    seen = phones("direct", "direct")
    same = plan_of(dict(seen))
    turned = dict(reversed(seen.items()))
    other_before = seen | {"phone-000000000001": Phone("phone-000000000001", "odd", "s")}
    hashes = {
        plan_of(seen).hash,
        plan_of(seen, project="other").hash,
        plan_of(turned).hash,
        plan_of(other_before).hash,
        plan_of(phones("direct")).hash,
        cut_plan("demo", Route.DIRECT, seen, {k: Phone(k, "routing", "s") for k in seen}).hash,
    }
    assert same.hash == plan_of(seen).hash
    assert len(hashes) == 6


def test_the_same_plan_under_another_policy_is_another_one_to_approve() -> None:
    plan, other = plan_of(phones("direct")), plan_of(phones("direct", "direct"))
    bound = {plan.under("a"), plan.under("b"), other.under("a"), plan.under("a", 1), plan.hash}
    assert plan.under("a") == plan_of(phones("direct")).under("a")
    assert len(bound) == 5


@given(ids, st.data())
def test_each_distinct_id_is_in_exactly_one_part(given_ids: list[str], data: st.DataObject) -> None:
    seen = {
        one: Phone(one, data.draw(st.sampled_from(["direct", "routing"])), "s")
        for one in given_ids
        if data.draw(st.booleans())
    }
    plan = cut_plan("demo", Route.DIRECT, given_ids, seen)
    parts = [p.id for p in plan.changes] + [p.id for p in plan.unchanged] + list(plan.unknown)
    assert sorted(parts) == sorted(given_ids)


def test_an_excluded_phone_is_left_out_wherever_it_is_and_an_unknown_one_stays_unknown() -> None:
    seen = phones("direct", "routing", "direct")
    first, second, third = seen
    plan = cut_plan("demo", Route.ROUTING, [*seen, "nowhere"], seen, {first, second, "nowhere"})
    assert [phone.id for phone in plan.excluded] == [first, second]
    assert [phone.id for phone in plan.changes] == [third]
    assert plan.unknown == ("nowhere",)
