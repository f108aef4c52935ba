"""Phones chosen in the form by what they are, with servers and tags offered while one types."""

import asyncio
from typing import Any

import pytest

from sandbox.cloud.kinds import Kind
from sandbox.slack.driver import Human
from tests.walk.stage import Json, Stage


def field(view: Json, name: str) -> Json:
    """What a field of the form holds from the start."""
    block = next(one for one in view["blocks"] if one.get("block_id") == name)
    element: Json = block["element"]
    return element


def initial(view: Json, name: str) -> list[str]:
    return [one["value"] for one in field(view, name).get("initial_options", [])]


async def opened(stage: Stage, person: Human | None = None) -> Human:
    await stage.says("/cph divert", person)
    return person or stage.alice


async def sends(stage: Stage, **fields: object) -> Json:
    """Fill in the form in front and send it for the route `routing`."""
    actions = {"servers": "servers", "tags": "tags", "project": "project"}
    values: Json = {
        name: {actions.get(name, "value"): value}
        for name, value in ({"route": "routing"} | fields).items()
    }
    return await stage.alice.submit(values)


async def mistakes(stage: Stage, **fields: object) -> dict[str, str]:
    """The mistakes shown in the form, which stays open until it is closed here."""
    await opened(stage)
    answer = await sends(stage, **fields)
    await stage.alice.close()
    return dict(answer["response"].get("errors", {}))


async def asked(stage: Stage) -> Json:
    """The card that goes up, the only one here."""
    text = ", waiting for approval"
    found = await stage.slack.wait_for("message", channel=stage.channel, text=text)
    return found | {"channel": stage.channel}


async def test_servers_are_offered_while_one_types_and_select_their_phones(stage: Stage) -> None:
    home = await stage.server()
    await stage.cloud.edit_phones(home.phones[:3], status=8)
    alice = await opened(stage)
    offered = await alice.offered("servers", home.name)
    assert offered[home.name] == home.name
    assert len(await alice.offered("servers", "")) == 100
    await sends(stage, servers=[home.name], status=["stopped", "frozen"])
    card = await asked(stage)
    assert f"Selected by `server:{home.name}`" in card["text"]
    assert "`status:stopped,frozen`" in card["text"]
    assert "*3* phones change" in card["text"]


async def test_tags_are_offered_as_key_and_value_and_select_phones(stage: Stage) -> None:
    alice = await opened(stage)
    offered = await alice.offered("tags", "env=")
    assert "env=staging" in offered
    await sends(stage, tags=["env=staging"])
    assert "at most 3,000 phones" in await stage.hears("The policy lets you change")


async def test_typed_terms_hold_beside_chosen_ones(stage: Stage) -> None:
    home = await stage.server()
    names = [stage.sandbox.cloud.main.fleet.phones[one].name for one in home.phones[:2]]
    alice = await opened(stage)
    await alice.offered("servers", home.name)
    await sends(stage, servers=[home.name], terms=f"name:{names[0]},{names[1]} -name:{names[1]}")
    assert "*1* phone changes" in (await asked(stage))["text"]


async def test_ids_are_narrowed_by_terms(stage: Stage) -> None:
    ids = await stage.phones(3)
    await stage.cloud.edit_phones(ids[:1], status=6)
    await opened(stage)
    await sends(stage, ids="\n".join(ids), terms="-status:frozen")
    card = await asked(stage)
    assert "*2* phones change" in card["text"]
    assert "1 is excluded" in card["text"]


async def test_a_form_that_only_excludes_says_so_at_its_terms(stage: Stage) -> None:
    wrong = await mistakes(stage, terms="-server:edge-01")
    assert set(wrong) == {"terms"}
    assert "only excludes" in wrong["terms"]


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ("sever:edge-07", "Did you mean server:edge-07?"),
        ("status:runing", "Did you mean status:running?"),
        ("hello there", "I read hello there"),
    ],
)
async def test_a_mistyped_term_is_shown_at_its_field_with_what_was_meant(
    stage: Stage, terms: str, told: str
) -> None:
    wrong = await mistakes(stage, terms=terms)
    assert set(wrong) == {"terms"}
    assert told in wrong["terms"]


async def test_words_that_are_no_ids_are_not_passed_over_for_a_selection(stage: Stage) -> None:
    wrong = await mistakes(stage, ids="short", terms="name:x")
    assert set(wrong) == {"ids"}


async def test_a_form_opened_again_holds_the_selection_it_was_sent_with(stage: Stage) -> None:
    home = await stage.server()
    alice = await opened(stage)
    await alice.offered("servers", home.name)
    await alice.offered("tags", "env=")
    file = {"files": [await alice.upload("ids.txt", b"hello\n")]}
    given: dict[str, Any] = {
        "servers": [home.name],
        "tags": ["env=staging"],
        "status": ["running"],
        "terms": "-name:no-such",
    }
    await sends(stage, **given, file=file, reason="why")
    told = await stage.answered("There is no phone id in the file")
    await alice.click("open_form", message=told | {"channel": stage.channel})
    view = await alice.open_view()
    assert initial(view, "servers") == [home.name]
    assert initial(view, "tags") == ["env=staging"]
    assert initial(view, "status") == ["running"]
    assert field(view, "terms")["initial_value"] == "-name:no-such"
    await sends(stage, ids=home.phones[0], tags=[])
    assert "*1* phone changes" in (await asked(stage))["text"]


async def test_who_may_see_no_project_is_offered_nothing(stage: Stage) -> None:
    guest = await opened(stage, stage.slack.person("U0GUEST"))
    assert await guest.offered("servers", "") == {}
    assert await guest.offered("tags", "") == {}
    await guest.close()


async def test_what_is_offered_is_the_chosen_projects(stage: Stage) -> None:
    """Zoe may ask in demo, and see nothing elsewhere."""
    await stage.slack.put("people", users=[{"id": "U0ZOE", "name": "zoe"}])
    room = {"id": stage.channel, "members": ["U0ZOE"], "bot_in": True}
    await stage.slack.put("channels", channels=[room])
    zoe = await opened(stage, stage.slack.person("U0ZOE"))
    assert await zoe.offered("servers", "edge")
    await zoe.fill({"ids": {"value": "kept while the form changes"}})
    for project, offers in (("nowhere", False), ("demo", True)):
        await zoe.click("project", value=project)
        assert bool(await zoe.offered("servers", "edge")) is offers
    state = (await zoe.open_view())["state"]["values"]
    assert state["ids"]["value"]["value"] == "kept while the form changes"
    assert state["project"]["project"]["selected_option"]["value"] == "demo"
    await zoe.close()


async def test_a_slow_cloud_offers_nothing_in_time_and_all_a_little_later(stage: Stage) -> None:
    alice = await opened(stage)
    await alice.click("project", value="nowhere")
    await stage.cloud.override(Kind.LIST_PROJECT_TAGS, calls=1, answer_delay_seconds=8)
    assert await alice.offered("tags", "env") == {}
    await asyncio.sleep(8)
    assert "env=staging" in await alice.offered("tags", "env")
    await alice.close()
