"""Phones that cannot take the change now are shown before anyone approves."""

from tests.walk.stage import Stage, request_id


async def test_phones_that_do_not_run_are_shown_by_status(stage: Stage) -> None:
    ids = await stage.phones(9)
    await stage.cloud.edit_phones(ids[:2], status=6)
    await stage.cloud.edit_phones(ids[2:5], status=8)
    card = await stage.asks("direct", await routed(stage, ids))
    assert "5 phones may not take the change now: 3 stopped, 2 frozen" in card["text"]


async def routed(stage: Stage, ids: list[str]) -> list[str]:
    await stage.cloud.edit_phones(ids, route="routing")
    return ids


async def test_servers_without_a_container_are_shown_for_routing_only(stage: Stage) -> None:
    home = await stage.server()
    await stage.cloud.edit_servers([home.name], container="frozen")
    card = await stage.selects("routing", f"server:{home.name}")
    found = f"{len(home.phones)} on servers without a running encoding container ({home.name})"
    assert found in card["text"]
    await stage.alice.click("withdraw", message=card)
    await stage.card(request_id(card["text"]), "withdrawn")
    await stage.cloud.edit_phones(home.phones[:3], route="routing")
    card = await stage.selects("direct", " ".join(home.phones[:3]))
    assert "may not take" not in card["text"]


async def test_who_asked_can_leave_them_out_and_a_new_plan_goes_up(stage: Stage) -> None:
    ids = await stage.phones(15)
    await stage.cloud.edit_phones(ids[:4], status=8)
    card = await stage.asks("routing", ids)
    assert "leave_out" in await stage.buttons(card)
    pressed = await stage.alice.click("leave_out", message=card)
    assert pressed["acked"]
    card = await stage.slack.wait_for(
        "message", channel=stage.channel, ts=card["ts"], text="4 are excluded"
    ) | {"channel": stage.channel}
    assert "*11* phones change" in card["text"]
    assert "may not take" not in card["text"]
    await stage.posted(card, "earlier approvals no longer count")
    await stage.approve(card)
    await stage.ends(card)
    rows = {row["phone_id"]: row for row in await stage.table(card, "outcome")}
    assert [rows[one]["state"] for one in ids] == ["excluded"] * 4 + ["succeeded"] * 11
    assert rows[ids[0]]["hindrance"] == "stopped"


async def test_each_new_plan_names_what_it_leaves_out(stage: Stage) -> None:
    ids = await stage.phones(6)
    await stage.cloud.edit_phones(ids[:2], status=8)
    card = await stage.asks("routing", [*ids, "f" * 32])
    await stage.posted(card, "1 phone is unknown")
    await stage.alice.click("leave_out", message=card)
    named = await stage.posted(card, "2 phones are excluded")
    assert all(one in named["text"] for one in ids[:2])


async def test_nobody_else_can_leave_phones_out(stage: Stage) -> None:
    ids = await stage.phones(6)
    await stage.cloud.edit_phones(ids[:1], status=8)
    card = await stage.asks("routing", ids)
    await stage.bob.click("leave_out", message=card)
    await stage.hears("who asked, can leave phones out", stage.bob)
    assert "*6* phones change" in (await stage.card(request_id(card["text"]), "waiting"))["text"]


async def test_the_warning_goes_once_the_outcome_says_more(stage: Stage) -> None:
    ids = await stage.phones(3)
    await stage.cloud.edit_phones(ids[:1], status=8)
    card = await stage.asks("routing", ids)
    assert "may not take the change now" in card["text"]
    await stage.approve(card)
    assert "may not take" not in (await stage.ends(card))["text"]


async def test_where_no_phone_could_take_it_there_is_nothing_to_leave_out(stage: Stage) -> None:
    ids = await stage.phones(2)
    await stage.cloud.edit_phones(ids, status=8)
    card = await stage.asks("routing", ids)
    assert "leave_out" not in await stage.buttons(card)
