"""From the slash command to the last line in the thread."""

import re
from collections import Counter

from sandbox.cloud.kinds import Kind
from tests.walk.stage import Stage, request_id


async def test_what_is_asked_by_command_is_planned_approved_sent_and_proven(stage: Stage) -> None:
    ids = await stage.phones(12)
    card = await stage.asks("routing", ids, 'reason:"video ads test"')
    assert "*12* phones change to *routing*, in 1 call." in card["text"]
    assert "video ads test" in card["text"]
    assert card["text"].splitlines()[-1].endswith(": <!subteam^S0APPROVE>")
    assert await stage.buttons(card) == ["approve", "deny", "edit", "withdraw"]
    assert set((await stage.cloud.routes(ids)).values()) == {"direct"}
    await stage.approve(card)
    ended = await stage.ends(card)
    assert "all 12 phones have the route" in ended["text"]
    assert "<@U0ALICE>" in ended["text"]
    assert "Approved by <@U0BOB>" in ended["text"]
    assert await stage.buttons(card) == []
    assert set((await stage.cloud.routes(ids)).values()) == {"routing"}


async def test_few_job_ids_stand_in_the_thread_as_text(stage: Stage) -> None:
    ids = await stage.phones(3)
    card = await stage.runs("routing", ids)
    post = await stage.posted(card, "Jobs are under way")
    assert all(re.search(rf"{one} job [0-9a-f]{{32}}", post["text"]) for one in ids)


async def test_many_job_ids_are_a_file(stage: Stage) -> None:
    ids = await stage.phones(15)
    card = await stage.runs("routing", ids)
    rows = await stage.table(card, "jobs")
    assert {row["phone_id"] for row in rows} == set(ids)
    assert all(re.fullmatch(r"[0-9a-f]{32}", row["job_id"]) for row in rows)


async def test_a_mention_stands_on_the_card_and_never_in_the_thread(stage: Stage) -> None:
    card = await stage.runs("routing", await stage.phones(2))
    assert not any(
        "<@" in post["text"] or "<!" in post["text"] for post in await stage.thread(card)
    )


async def test_what_is_there_already_is_not_sent(stage: Stage) -> None:
    there, others = await stage.phones(3, "routing"), await stage.phones(2)
    card = await stage.asks("routing", [*there, *others])
    assert "3 are there already" in card["text"]
    await stage.approve(card)
    await stage.ends(card)
    sent = [
        one for call in await stage.cloud.calls(Kind.IMPORT_TRAFFIC) for one in call.phone_ids or []
    ]
    assert not set(there) & set(sent)
    assert set(others) <= set(sent)


async def test_unknown_phones_repeats_and_unreadable_words_are_named(stage: Stage) -> None:
    ids = await stage.phones(2)
    card = await stage.asks("routing", [*ids, ids[0], "f" * 32, "what?"])
    assert "1 is unknown to the cloud, 1 was given twice, 1 word is unreadable" in card["text"]
    post = await stage.posted(card, "unknown to the cloud")
    assert "f" * 32 in post["text"]
    assert "word 5: what?" in post["text"]


async def test_a_phone_that_another_open_request_holds_refuses_this_one(stage: Stage) -> None:
    ids = await stage.phones(3)
    first = await stage.asks("routing", ids)
    await stage.says(f"/cph divert routing {ids[1]}")
    heard = await stage.hears("belongs to another open request")
    assert f"{ids[1]} in {request_id(first['text'])}" in heard
    await stage.alice.click("withdraw", message=first)
    await stage.card(request_id(first["text"]), "withdrawn")
    await stage.asks("routing", [ids[1]])


async def test_a_rejected_phone_is_told_with_its_code_and_what_to_do(stage: Stage) -> None:
    ids = await stage.phones(4)
    await stage.cloud.edit_phones(ids[:1], refuse_code="CPS.0053")
    card = await stage.runs("routing", ids)
    assert "3 proven · 1 refused" in card["text"]
    post = await stage.posted(card, "CPS.0053")
    assert ids[0] in post["text"]
    rows = {row["phone_id"]: row for row in await stage.table(card, "outcome")}
    assert (rows[ids[0]]["state"], rows[ids[0]]["code"]) == ("rejected", "CPS.0053")
    assert rows[ids[0]]["job_id"] == ""
    assert rows[ids[1]]["route_before"] == "direct"


async def test_a_failed_job_is_told_and_the_route_is_as_it_was(stage: Stage) -> None:
    ids = await stage.phones(4)
    await stage.cloud.edit_phones(ids[:2], job_failure_code="CPS.0141")
    card = await stage.runs("routing", ids)
    assert "2 proven · 2 failed" in card["text"]
    assert "CPS.0141" in (await stage.posted(card, "2 phones"))["text"]
    assert set((await stage.cloud.routes(ids[:2])).values()) == {"direct"}


async def test_a_job_that_lies_is_unclear_and_not_proven(stage: Stage) -> None:
    ids = await stage.phones(3)
    await stage.cloud.edit_phones(ids[:1], lies=True)
    card = await stage.runs("routing", ids)
    assert "2 proven · 1 unclear" in card["text"]
    assert "the route read back is another" in (await stage.posted(card, "1 phone"))["text"]


async def test_a_job_that_never_ends_is_unclear_after_its_deadline(stage: Stage) -> None:
    ids = await stage.phones(2)
    await stage.cloud.edit_phones(ids[:1], hangs=True)
    card = await stage.runs("routing", ids)
    assert "1 proven · 1 unclear" in card["text"]


async def test_a_route_that_comes_behind_its_job_is_waited_for(stage: Stage) -> None:
    ids = await stage.phones(3)
    await stage.cloud.edit_phones(ids, readback_lag_seconds=0.6)
    card = await stage.runs("routing", ids)
    assert "all 3 phones" in card["text"]


async def test_a_phone_missing_from_an_answer_is_read_back_and_sent_again(stage: Stage) -> None:
    ids = await stage.phones(3)
    await stage.cloud.edit_phones(ids[:1], missing=True)
    card = await stage.asks("routing", ids)
    await stage.approve(card)
    await stage.posted(card, "Approved")
    await stage.cloud.edit_phones(ids[:1], missing=None)
    ended = await stage.ends(card)
    assert "all 3 phones" in ended["text"]


async def test_more_than_a_hundred_phones_go_in_batches_of_at_most_a_hundred(stage: Stage) -> None:
    ids = await stage.phones(205)
    before = len(await stage.cloud.calls(Kind.IMPORT_TRAFFIC))
    await stage.gives_file("ids.txt", "\n".join(ids).encode())
    card = await stage.card(request_id(await stage.hears("I am reading")), "waiting for approval")
    assert "in 3 calls" in card["text"]
    await stage.approve(card)
    await stage.ends(card)
    calls = (await stage.cloud.calls(Kind.IMPORT_TRAFFIC))[before:]
    assert sorted(len(call.phone_ids or []) for call in calls) == [5, 100, 100]


async def test_a_file_of_1234_lines_ends_with_every_phone_in_its_state(stage: Stage) -> None:
    planned, there = await stage.phones(1005), await stage.phones(200, "routing")
    unknown = [f"{n:032x}" for n in range(9)]
    unreadable = ["no id here", "n/a", "?"]
    lines = [*planned, *there, *unknown, *planned[:17], *unreadable]
    assert len(lines) == 1234
    await stage.cloud.edit_phones(planned[:12], job_failure_code="CPS.0141")
    await stage.cloud.edit_phones(planned[500:501], missing=True)
    await stage.cloud.override(Kind.IMPORT_TRAFFIC, calls=11, shuffle=True)
    await stage.gives_file("fleet.csv", "\r\n".join(["phone_id", *lines]).encode("utf-16"))
    card = await stage.card(request_id(await stage.hears("I am reading")), "waiting for approval")
    assert "*1,005* phones change to *routing*, in 11 calls." in card["text"]
    assert (
        "Left out: 200 are there already, 9 are unknown to the cloud, 17 were given again, "
        "3 words are unreadable." in card["text"]
    )
    await stage.approve(card)
    await stage.posted(card, "Everything is sent")
    await stage.cloud.edit_phones(planned[500:501], missing=None)
    ended = await stage.ends(card)
    assert "993 proven · 12 failed" in ended["text"]
    rows = await stage.table(card, "outcome")
    assert len(rows) == 1214 == len({row["phone_id"] for row in rows})
    assert Counter(row["state"] for row in rows) == {
        "succeeded": 993, "failed": 12, "unchanged": 200, "unknown": 9,
    }  # fmt: skip
    jobs = {row["phone_id"]: row["job_id"] for row in rows}
    assert all(jobs[one] for one in planned)
    told = "\n".join(post["text"] for post in await stage.thread(card))
    assert all(one in told for one in unknown)
    assert all(f"line {n}: {word}" in told for n, word in enumerate(unreadable, 1233))
    assert "CPS.0141" in told
