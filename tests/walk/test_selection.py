"""Phones chosen by what they are, instead of by their ids."""

import time

from sandbox.cloud.kinds import Kind
from tests.walk.stage import Stage


async def test_a_server_named_is_all_its_phones(stage: Stage) -> None:
    home = await stage.server()
    card = await stage.selects("routing", f"server:{home.name}")
    assert f"Selected by `server:{home.name}`" in card["text"]
    assert f"*{len(home.phones)}* phones change" in card["text"]
    assert f"Phones by server: {home.name} ({len(home.phones)})" in card["text"]
    assert f"`{home.phones[0]}`" in card["text"]
    await stage.approve(card)
    await stage.ends(card)
    assert set((await stage.cloud.routes(home.phones)).values()) == {"routing"}


async def test_a_server_is_known_by_its_id_as_well(stage: Stage) -> None:
    home = await stage.server()
    card = await stage.selects("routing", f"server:{home.id}")
    assert f"*{len(home.phones)}* phones change" in card["text"]


async def test_terms_of_different_keys_must_all_hold(stage: Stage) -> None:
    home = await stage.server()
    await stage.cloud.edit_phones(home.phones[:7], status=8)
    card = await stage.selects("routing", f"server:{home.name} status:stopped,frozen")
    assert "*7* phones change" in card["text"]


async def test_a_term_with_a_dash_excludes(stage: Stage) -> None:
    kept, left = await stage.server(), await stage.server()
    terms = f"server:{kept.name},{left.name} -server:{left.name}"
    card = await stage.selects("routing", terms)
    assert f"*{len(kept.phones)}* phones change" in card["text"]
    assert f"Phones by server: {kept.name} " in card["text"]


async def test_ids_are_narrowed_by_terms_and_the_rest_is_named_as_excluded(stage: Stage) -> None:
    home = await stage.server()
    await stage.cloud.edit_phones(home.phones[:2], status=6)
    card = await stage.selects("routing", f"{' '.join(home.phones[:5])} -status:frozen")
    assert "*3* phones change" in card["text"]
    assert "2 are excluded" in card["text"]
    left_out = await stage.posted(card, "2 phones are excluded")
    assert all(one in left_out["text"] for one in home.phones[:2])
    await stage.approve(card)
    await stage.ends(card)
    routes = await stage.cloud.routes(home.phones[:5])
    assert [routes[one] for one in home.phones[:5]] == ["direct"] * 2 + ["routing"] * 3


async def test_a_tag_means_the_phones_of_the_servers_that_carry_it(stage: Stage) -> None:
    home = await stage.server()
    await stage.cloud.edit_servers([home.name], tags={"shelf": home.name})
    card = await stage.selects("routing", f"tag:shelf={home.name}")
    assert f"*{len(home.phones)}* phones change" in card["text"]


async def test_a_name_with_a_wildcard_is_looked_for_by_the_cloud_itself(stage: Stage) -> None:
    home = await stage.server()
    name = stage.sandbox.cloud.main.fleet.phones[home.phones[0]].name
    since = time.time()
    card = await stage.selects("routing", f"name:*{name}")
    assert "*1* phone changes" in card["text"]
    lists = await stage.cloud.calls(Kind.LIST_PHONES, since)
    assert len(lists) <= 2, "20,000 phones are 100 pages"


async def test_a_server_that_does_not_exist_is_refused_with_the_one_that_was_meant(
    stage: Stage,
) -> None:
    home = await stage.server()
    mistyped = home.name.replace("edge", "egde")
    await stage.says(f"/cph divert routing server:{mistyped}")
    answer = await stage.answered(f"no server `{mistyped}`")
    assert f"server:{home.name}" in answer["text"]
    await stage.presses_run(answer)
    card = await stage.slack.wait_for(
        "message", channel=stage.channel, text=f"Selected by `server:{home.name}`"
    )
    assert f"*{len(home.phones)}* phones change" in card["text"]


async def test_a_mistyped_exclusion_is_refused_rather_than_ignored(stage: Stage) -> None:
    home = await stage.server()
    await stage.says(f"/cph divert routing server:{home.name} -server:no-such-thing")
    assert "Nothing was asked for" in await stage.hears("no server `no-such-thing`")


async def test_a_server_is_excluded_by_the_name_it_has_now(stage: Stage) -> None:
    home = await stage.server()
    ids = home.phones[:2]
    await stage.says(f"/cph phones server:{home.name}")
    await stage.hears(f"By server: {home.name}")
    await stage.cloud.edit_servers([home.name], name=f"{home.name}-b")
    await stage.says(f"/cph phones {' '.join(ids)} -server:{home.name}-b")
    await stage.hears("No phone fits")


async def test_a_tag_that_matches_nothing_is_refused(stage: Stage) -> None:
    await stage.says("/cph divert routing tag:env=stagging")
    heard = await stage.hears("has the tag `env=stagging`")
    assert "tag:env=staging" in heard


async def test_a_selection_that_fits_no_phone_is_refused(stage: Stage) -> None:
    home = await stage.server()
    await stage.says(f"/cph divert routing server:{home.name} status:frozen")
    assert "Nothing was asked for" in await stage.hears("No phone fits")


async def test_more_phones_than_the_policy_allows_are_refused_once_they_are_counted(
    stage: Stage,
) -> None:
    await stage.says("/cph divert routing tag:env=staging")
    assert "at most 3,000 phones" in await stage.hears("The policy lets you change")


async def test_a_selection_of_more_than_one_request_holds_is_refused(stage: Stage) -> None:
    await stage.says("/cph divert routing name:* project:token")
    heard = await stage.hears("one request holds at most 6,000")
    assert len(stage.sandbox.cloud.main.fleet.phones) > 19_000
    assert f"{len(stage.sandbox.cloud.main.fleet.phones):,} phones" in heard


async def test_a_server_of_another_project_is_offered_there(stage: Stage) -> None:
    home = await stage.server()
    await stage.says(f"/cph divert routing server:{home.name} project:small")
    answer = await stage.answered(f"no server `{home.name}` in project `small`")
    assert "Project `demo` has one; add `project:demo`" in answer["text"]
    await stage.presses_run(answer)
    card = await stage.slack.wait_for(
        "message", channel=stage.channel, text=f"Selected by `server:{home.name}`"
    )
    assert "in project demo" in card["text"]


async def test_a_tag_that_every_server_carries_means_the_whole_fleet(stage: Stage) -> None:
    await stage.says("/cph plan routing tag:env project:small")
    assert "the whole fleet" in await stage.hears("only a look")


async def test_a_status_that_every_phone_has_means_the_whole_fleet(stage: Stage) -> None:
    await stage.says("/cph plan routing status:running project:small")
    assert "the whole fleet" in await stage.hears("only a look")


async def test_a_whole_fleet_costs_no_call_to_be_known_as_one(stage: Stage) -> None:
    mark = await stage.cloud.mark()
    await stage.says("/cph plan routing name:* project:small")
    assert "the whole fleet" in await stage.hears("only a look")
    assert (await stage.cloud.tally(mark)).calls(Kind.LIST_PHONES) == 1


async def test_an_excluded_server_of_another_project_is_not_followed_there(stage: Stage) -> None:
    home = await stage.server()
    await stage.says(f"/cph divert routing name:* -server:{home.name} project:small")
    assert "has one" not in await stage.hears(f"no server `{home.name}` in project `small`")


async def test_a_channel_of_a_project_needs_no_project_named(stage: Stage) -> None:
    room = {"id": "C0SMALL", "name": "small", "members": ["U0ALICE"], "bot_in": True}
    await stage.slack.put("channels", channels=[room])
    answer = await stage.alice.command("C0SMALL", "/cph phones")
    assert answer["acked"]
    heard = await stage.alice.wait_for("ephemeral", channel="C0SMALL", text="in project small")
    assert "*40* phones" in heard["text"]


async def test_a_wildcard_that_means_the_whole_fleet_says_so_in_bold(stage: Stage) -> None:
    await stage.says("/cph plan routing name:* project:small")
    heard = await stage.hears("only a look")
    assert "*This is every phone of project small: the whole fleet.*" in heard
