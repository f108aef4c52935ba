from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.divert.request import ID_LETTERS
from bot.divert.sentence import (
    Button,
    Code,
    InThread,
    Link,
    Mention,
    Moment,
    Post,
    Sentence,
    Table,
    ToChannel,
    ToPerson,
)
from bot.divert.transaction import Run, Said, Start, Transaction
from bot.store.ledger import SqlLedger
from tests.store.making import ALICE, BOB, Desk, draft, pending

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_MENTIONS = st.builds(Mention, _TEXT)
_CODES = st.builds(Code, _TEXT)
_MOMENTS = st.builds(Moment, st.datetimes(timezones=st.just(UTC)))
_VALUES = st.one_of(
    _TEXT, _MENTIONS, _CODES, _MOMENTS, st.builds(Link, _TEXT, _TEXT),
    st.lists(_MENTIONS, max_size=3).map(tuple), st.lists(_CODES, max_size=3).map(tuple),
)  # fmt: skip
_SENTENCES = st.builds(Sentence, _TEXT, st.dictionaries(_TEXT, _VALUES, max_size=4))
_BUTTONS = st.builds(
    Button, _TEXT, _TEXT, _TEXT, _TEXT, st.sampled_from(["", "danger"]), st.none() | _SENTENCES
)
_REQUESTS = st.text(ID_LETTERS, min_size=4, max_size=8).map("D-{}".format)
_PLACES = st.one_of(
    st.builds(InThread, _REQUESTS),
    st.builds(ToPerson, _TEXT, _TEXT, _TEXT),
    st.builds(ToChannel, _TEXT),
)
_POSTS = st.builds(
    Post,
    _PLACES,
    st.lists(_SENTENCES, max_size=3).map(tuple),
    st.lists(_BUTTONS, max_size=2).map(tuple),
    st.none() | st.builds(Table, _TEXT, _TEXT),
)


async def say(desk: Desk, post: Post) -> list[Start]:
    """Say a post; the work that was begun for it."""
    before = len(desk.started)
    await desk.ledger.write(lambda tx: tx.say(post))
    return desk.started[before:]


async def said(ledger: SqlLedger, start: Start) -> Said:
    found = await ledger.read(lambda tx: tx.said(start.subject))
    assert found is not None
    return found


def words(text: str) -> tuple[Sentence, ...]:
    return (Sentence(text),)


@given(_POSTS)
async def test_a_post_comes_out_of_the_outbox_as_it_went_in(
    lasting_ledger: SqlLedger, post: Post
) -> None:
    def work(tx: Transaction) -> None:
        tx.say(post)

    starts: list[Start] = []
    ledger = SqlLedger(lasting_ledger._database, lambda _, start: starts.append(start))
    await ledger.write(work)
    assert (await said(ledger, starts[0])).post == post


async def test_saying_starts_the_posting_in_the_channel_of_the_card(desk: Desk) -> None:
    request = await pending(desk.ledger)
    [start] = await say(desk, Post(InThread(request.id), words("sending")))
    assert start.run is Run.POST
    assert start.partition == "C0OPS"


async def test_a_thread_without_a_card_has_a_turn_of_its_own(desk: Desk) -> None:
    request, _ = await desk.ledger.write(lambda tx: tx.ask(draft()))
    [start] = await say(desk, Post(InThread(request.id), words("hello")))
    assert start.partition == request.id


async def test_an_answer_to_a_person_does_not_wait_behind_a_channel(desk: Desk) -> None:
    [start] = await say(desk, Post(ToPerson(ALICE, "C0OPS"), words("hello")))
    assert start.partition == ALICE


async def test_a_word_to_a_channel_waits_for_that_channel_alone(desk: Desk) -> None:
    [start] = await say(desk, Post(ToChannel("C0OPS"), words("hello")))
    assert start.partition == "C0OPS"


async def test_each_post_is_started_under_a_key_of_its_own(desk: Desk) -> None:
    post = Post(ToPerson(ALICE), words("hello"))
    starts = await say(desk, post) + await say(desk, post)
    assert len({start.key for start in starts}) == 2


async def test_a_post_of_a_thread_knows_its_card_once_it_is_up(desk: Desk) -> None:
    request = await pending(desk.ledger)
    [start] = await say(desk, Post(InThread(request.id), words("sending")))
    assert (await said(desk.ledger, start)).card_ts == ""
    await desk.ledger.write(lambda tx: tx.card_shown(request.id, request.version, "C0NEW", "1.5"))
    now = await said(desk.ledger, start)
    assert (now.card_channel, now.card_ts, now.posted) == ("C0NEW", "1.5", False)


async def test_the_earlier_posts_of_a_thread_come_first(desk: Desk) -> None:
    request, other = await pending(desk.ledger), await pending(desk.ledger)
    [first] = await say(desk, Post(InThread(request.id), words("one")))
    [elsewhere] = await say(desk, Post(InThread(other.id), words("else")))
    [second] = await say(desk, Post(InThread(request.id), words("two")))
    turns = [await next_said(desk, one) for one in (first, elsewhere, second)]
    assert turns == [first.subject, elsewhere.subject, first.subject]
    await desk.ledger.write(lambda tx: tx.posted(first.subject, "1.5"))
    assert await next_said(desk, first) is None
    assert await next_said(desk, second) == second.subject
    assert (await said(desk.ledger, first)).posted


async def next_said(desk: Desk, start: Start) -> str | None:
    found = await desk.ledger.read(lambda tx: tx.next_said(start.subject))
    return None if found is None else found.id


@pytest.mark.parametrize("to", [ToPerson(ALICE, "C0OPS"), ToPerson(ALICE, "", "https://x")])
async def test_answers_to_people_wait_for_nothing(desk: Desk, to: ToPerson) -> None:
    await say(desk, Post(ToPerson(ALICE), words("one")))
    await say(desk, Post(to, words("one")))
    [second] = await say(desk, Post(to, words("two")))
    assert await next_said(desk, second) == second.subject
    [direct] = await say(desk, Post(ToPerson(BOB), words("three")))
    assert await next_said(desk, direct) == direct.subject


async def test_what_is_said_once_is_said_once_a_request(desk: Desk) -> None:
    request, other = await pending(desk.ledger), await pending(desk.ledger)
    assert await say(desk, Post(InThread(request.id), words("jobs"), once="jobs"))
    assert not await say(desk, Post(InThread(request.id), words("jobs again"), once="jobs"))
    assert await say(desk, Post(InThread(request.id), words("outcome"), once="outcome"))
    assert await say(desk, Post(InThread(other.id), words("jobs"), once="jobs"))


async def test_what_a_person_is_told_once_is_not_told_again_in_the_same_words(
    desk: Desk,
) -> None:
    def up(user: str, request: str) -> Post:
        return Post(ToPerson(user), (Sentence("{id} is up", {"id": request}),), once="card_is_up")

    assert await say(desk, up(ALICE, "D-0001"))
    assert not await say(desk, up(ALICE, "D-0001"))
    assert await say(desk, up(ALICE, "D-0002"))
    assert await say(desk, up(BOB, "D-0001"))


async def test_a_post_of_work_that_fails_is_never_said(desk: Desk) -> None:
    request = await pending(desk.ledger)

    def work(tx: Transaction) -> None:
        tx.say(Post(InThread(request.id), words("done"), once="done"))
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it is the test's own
        await desk.ledger.write(work)
    assert await say(desk, Post(InThread(request.id), words("done"), once="done"))


async def test_no_post_is_found_under_an_id_that_was_never_given(ledger: SqlLedger) -> None:
    assert await ledger.read(lambda tx: tx.said("nothing")) is None


async def test_a_moment_keeps_its_zone_in_a_post(desk: Desk) -> None:
    until = Moment(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    [start] = await say(desk, Post(ToPerson(ALICE), (Sentence("{until}", {"until": until}),)))
    assert (await said(desk.ledger, start)).post.sentences[0].values["until"] == until


@pytest.mark.parametrize("to", [ToPerson(ALICE), ToChannel("C0X")])
async def test_what_one_person_or_channel_is_told_comes_in_its_order(
    desk: Desk, to: ToPerson | ToChannel
) -> None:
    request = await pending(desk.ledger)
    [first] = await say(desk, Post(to, words("one of two has approved")))
    await say(desk, Post(ToPerson(BOB), words("nothing to do with it")))
    await say(desk, Post(InThread(request.id), words("nor this")))
    [second] = await say(desk, Post(to, words("it starts")))
    assert await next_said(desk, second) == first.subject
    await desk.ledger.write(lambda tx: tx.posted(first.subject, "1.1"))
    assert await next_said(desk, second) == second.subject
    await desk.ledger.write(lambda tx: tx.posted(second.subject, "1.2"))
    assert await desk.ledger.read(lambda tx: tx.next_said(second.subject)) is None
