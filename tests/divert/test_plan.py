import string

from hypothesis import given
from hypothesis import strategies as st

from bot.divert.phones import Phone, Route
from bot.divert.plan import BATCH_LIMIT, Plan, cut_batches, cut_plan

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


@given(ids)
def test_batches_hold_every_id_once_in_order_and_at_most_100(given_ids: list[str]) -> None:
    batches = list(cut_batches(given_ids))
    assert [one for batch in batches for one in batch] == given_ids
    assert all(1 <= len(batch) <= BATCH_LIMIT == 100 for batch in batches)
    assert all(len(batch) == BATCH_LIMIT for batch in batches[:-1])


def test_1005_phones_are_11_batches() -> None:
    plan = plan_of(phones(*["direct"] * 1005))
    assert [len(batch) for batch in plan.batches] == [100] * 10 + [5]


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
