"""How jobs are followed: what never ends or is forgotten, and what following costs."""

import asyncio
import logging
from collections.abc import Sequence

import pytest

from bot.divert.observing import observe, observe_again
from bot.divert.outcome import PhoneRow, PhoneState
from sandbox.cloud.kinds import Kind
from tests.walk.stage import Json, Stage, request_id

SEND, JOBS = Kind.IMPORT_TRAFFIC, Kind.LIST_JOBS
PAGES, PHONE = Kind.LIST_PHONES, Kind.SHOW_PHONE


async def by_file(stage: Stage, ids: Sequence[str]) -> Json:
    """Ask for many phones; the card that goes up."""
    await stage.gives_file("ids.txt", "\n".join(ids).encode())
    return await stage.card(request_id(await stage.hears("I am reading")), "waiting for approval")


async def shown(stage: Stage, card: Json, text: str) -> None:
    """The card comes to hold this."""
    await stage.slack.wait_for("message", channel=stage.channel, ts=card["ts"], text=text)


async def test_a_server_on_which_nothing_ends_is_given_up_and_its_phones_are_read(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    home = await stage.server()
    ids, hung = home.phones[:20], home.phones[:3]
    await stage.cloud.edit_phones(hung, hangs=True)
    card = await stage.asks("routing", ids)
    with caplog.at_level(logging.INFO, "bot.divert"):
        await stage.approve(card)
        await shown(stage, card, "17 proven · 3 with a job under way")  # these wait for nobody
        await stage.cloud.edit_phones(hung[:1], route="routing")
        ended = await stage.ends(card)
    assert "18 proven · 2 unclear" in ended["text"]
    assert "has ended for too long" in (await stage.posted(card, "*Proven:*"))["text"]
    given_up = [text for text in caplog.messages if "is given up with 3 of 20 phones" in text]
    assert len(given_up) == 1
    assert home.id in given_up[0]


async def test_jobs_that_run_for_too_long_in_all_are_given_up(stage: Stage) -> None:
    ids = await stage.phones(1)
    await stage.cloud.edit_phones(ids, hangs=True)
    card = await stage.runs("routing", ids)
    assert "1 unclear" in card["text"]
    assert "run for too long in all" in (await stage.posted(card, "*Proven:*"))["text"]


async def test_where_the_cloud_has_forgotten_the_jobs_the_phones_are_read(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    home = await stage.server()
    ids = home.phones[:20]
    await stage.cloud.edit_phones(ids[:1], lies=True)
    await stage.cloud.set(job_retention_seconds=0)
    try:
        with caplog.at_level(logging.INFO, "bot.divert"):
            card = await stage.runs("routing", ids)
    finally:
        await stage.cloud.set(job_retention_seconds=86_400)
    assert "19 proven · 1 unclear" in card["text"]
    assert "no longer knows the job" in (await stage.posted(card, "*Proven:*"))["text"]
    forgotten = [text for text in caplog.messages if "the cloud no longer lists" in text]
    assert len(forgotten) == 1
    assert "20 jobs" in forgotten[0]


async def test_a_list_of_jobs_that_only_comes_late_is_not_taken_for_forgotten(
    stage: Stage,
) -> None:
    ids = await stage.phones(2)
    await stage.cloud.edit_phones(ids[:1], job_failure_code="CPS.0141")
    await stage.cloud.override(JOBS, calls=1, refuse_call_code="CPS.0050")
    assert "1 proven · 1 failed" in (await stage.runs("routing", ids))["text"]


async def test_jobs_that_cannot_be_read_at_all_do_not_keep_a_run_open(stage: Stage) -> None:
    ids = await stage.phones(1)
    mark = await stage.cloud.mark()
    await stage.cloud.override(JOBS, calls=200, refuse_call_code="CPS.0161")
    try:
        card = await stage.runs("routing", ids)
    finally:
        switches = await stage.cloud.switches()
        await stage.cloud.put_switches(switches.model_copy(update={"overrides": []}))
    assert "1 phone has the route" in card["text"]
    assert (await stage.cloud.tally(mark)).calls(JOBS) > 1


async def test_a_run_costs_a_call_for_each_page_and_little_more(stage: Stage) -> None:
    homes = [await stage.server() for _ in range(4)]
    ids = [phone for home in homes for phone in home.phones]
    card = await by_file(stage, ids)
    mark = await stage.cloud.mark()
    await stage.approve(card)
    await stage.ends(card)
    tally = await stage.cloud.tally(mark)
    assert tally.calls(SEND) == len(ids) // 100 == 4
    pages = {place // 200 for place in (await places(stage, ids)).values()}
    assert tally.calls(PAGES) + tally.calls(PHONE) <= len(pages) + 1
    assert tally.calls(JOBS) <= 2 * 4


async def places(stage: Stage, ids: Sequence[str]) -> dict[str, int]:
    found, wanted = {}, set(ids)
    async for _, page in stage.bot.world.cloud.phone_pages("demo"):
        found.update({phone.id: phone.place for phone in page if phone.id in wanted})
    return found


async def test_a_call_that_is_mostly_over_is_asked_about_less_often(stage: Stage) -> None:
    home = await stage.server()
    await stage.cloud.edit_phones(home.phones[:1], job_seconds=4)
    card = await by_file(stage, home.phones)
    mark = await stage.cloud.mark()
    await stage.approve(card)
    await stage.ends(card)
    # Every round would be one in 0.35 s: the poll, and the engine's look into its queue.
    assert (await stage.cloud.tally(mark)).calls(JOBS) <= 7


def planned(places: dict[str, int], server: str = "") -> list[PhoneRow]:
    """Phones as the ledger has them, read from the list or from a server's."""
    return [
        PhoneRow(one, number, PhoneState.SENT, server=server, place=place)
        for number, (one, place) in enumerate(places.items(), 1)
    ]


async def test_phones_that_a_server_was_selected_for_are_read_from_its_own_list(
    stage: Stage,
) -> None:
    home = await stage.server()
    mark = await stage.cloud.mark()
    rows = planned(dict.fromkeys(home.phones, -1), home.id)
    assert set(await observe_again(stage.bot.world, "demo", rows)) == set(home.phones)
    tally = await stage.cloud.tally(mark)
    assert (tally.calls(PAGES), tally.calls(PHONE)) == (1, 0)


async def test_phones_are_read_from_the_pages_where_they_were(stage: Stage) -> None:
    home, world = await stage.server(), stage.bot.world
    had = await places(stage, home.phones)
    mark = await stage.cloud.mark()
    seen = await observe_again(world, "demo", planned(had))
    assert set(seen) == set(home.phones)
    pages = {place // 200 for place in had.values()}
    tally = await stage.cloud.tally(mark)
    assert (tally.calls(PAGES), tally.calls(PHONE)) == (len(pages), 0)


async def test_phones_that_are_not_where_they_were_are_read_by_themselves(stage: Stage) -> None:
    home, world = await stage.server(), stage.bot.world
    had = await places(stage, home.phones)
    [moved], unknown = await stage.phones(1), "f" * 32
    mark = await stage.cloud.mark()
    seen = await observe_again(
        world, "demo", planned(had | {moved: min(had.values()), unknown: -1})
    )
    assert set(seen) == {*had, moved}
    assert (await stage.cloud.tally(mark)).calls(PHONE) == 2


async def test_phones_read_one_by_one_are_read_at_once(stage: Stage) -> None:
    ids = await stage.phones(8)
    await stage.cloud.override(PHONE, calls=8, latency_ms=1500)
    began = asyncio.get_running_loop().time()
    assert set(await observe(stage.bot.world, "demo", ids)) == set(ids)
    assert asyncio.get_running_loop().time() - began < 8 * 1.5 / 2


async def test_routes_that_come_late_are_looked_at_less_and_less_often(stage: Stage) -> None:
    ids = await stage.phones(1)
    await stage.cloud.edit_phones(ids, readback_lag_seconds=1.5)
    card = await stage.asks("routing", ids)
    mark = await stage.cloud.mark()
    await stage.approve(card)
    assert "1 phone has the route" in (await stage.ends(card))["text"]
    tally = await stage.cloud.tally(mark)
    assert 1 <= tally.calls(PHONE) + tally.calls(PAGES) <= 8


async def test_the_left_out_file_has_the_excluded_ones_too(stage: Stage) -> None:
    unknown = [f"{n:032x}" for n in range(30)]
    home = await stage.server()
    await stage.cloud.edit_phones(home.phones[:1], status=8)
    card = await stage.asks("routing", [*home.phones[:3], *unknown], "status:running")
    await stage.posted(card, "30 phones are unknown")
    rows = {row["phone_id"]: row["state"] for row in await stage.table(card, "left-out")}
    assert rows == dict.fromkeys(unknown, "unknown") | {home.phones[0]: "excluded"}
    counts = await stage.bot.world.ledger.read(lambda tx: tx.counts(request_id(card["text"])))
    assert counts[PhoneState.PLANNED] == 2
