"""A request in the place of another: whose it must be, what is kept of it, and what is told."""

from dataclasses import replace

import pytest

from bot.divert import replacing
from bot.divert.click import Verdict
from bot.divert.phones import Route
from bot.divert.replacing import Mistake, NotReplaced, latest, takes_its_place, to_edit
from bot.divert.request import Draft, Request, State
from bot.divert.sentence import Code, Post, ToPerson
from bot.divert.twice import Recorded, answer, wanted_anyway
from bot.divert.wording import words_in
from tests.cph.opening import DEMO
from tests.divert.state_machine.judge import hold
from tests.divert.state_machine.life import HOME
from tests.divert.state_machine.people import ALICE, BOB, CAROL, FREE
from tests.divert.state_machine.stage import Stage

WORDS = words_in("en")


def phone(stage: Stage, number: int) -> str:
    return stage.phones[number].phone_id


def asks(stage: Stage, *numbers: int, channel: str = HOME) -> Request:
    """Alice asks for these phones by a command."""
    ids = " ".join(phone(stage, number) for number in numbers)
    stage.ask(ALICE, f"divert routing {ids}", channel, 1)
    stage.work_on(4)
    return newest(stage)


def newest(stage: Stage) -> Request:
    return stage.do(stage.life.world.ledger.read(lambda tx: tx.latest(1)))[0]


def now(stage: Stage, request: Request) -> Request:
    found = stage.do(stage.life.world.ledger.read(lambda tx: tx.request(request.id)))
    assert found is not None
    return found


def edited(old: Request, key: str = "edit", **changes: object) -> Draft:
    """The draft of a form that was opened from a request."""
    given = {"key": key, "replaces": old.id, "reason": "mended", **changes}
    return replace(old.draft, **given)  # type: ignore[arg-type]


def sends(stage: Stage, draft: Draft, *, anyway: bool = False) -> Recorded:
    world = stage.life.world
    recorded = stage.do(
        world.ledger.write(lambda tx: replacing.ask(world, tx, draft, anyway=anyway))
    )
    stage.work_on(4)
    return recorded


def test_what_waits_is_withdrawn_and_its_phones_are_free_for_the_new_one(stage: Stage) -> None:
    old = asks(stage, 1, 2)
    new = sends(stage, edited(old)).request
    assert (now(stage, old).state, now(stage, old).note.replaced_by) == (State.WITHDRAWN, new.id)
    assert (now(stage, new).state, new.draft.replaces) == (State.PENDING, old.id)
    card = next(one for one in reversed(stage.cards) if one.request_id == new.id)
    assert WORDS.in_place_of(old.id, State.WITHDRAWN) in card.lines
    gone = next(one for one in reversed(stage.cards) if one.request_id == old.id)
    assert WORDS.replaced(new.id) in gone.lines
    told = [one.post.sentences[0] for one in stage.truth().thread(old.id)]
    assert WORDS.replaced_by(new.id) in told


def test_a_second_delivery_finds_the_first_one_s_request(stage: Stage) -> None:
    old = asks(stage, 1)
    first, second = sends(stage, edited(old)), sends(stage, edited(old))
    assert (second.request.id, second.first) == (first.request.id, False)
    assert now(stage, first.request).state is State.PENDING


@pytest.mark.parametrize("changes", [{"requester": BOB}, {"replaces": "D-ZZZZ"}])
def test_only_one_s_own_is_replaced(stage: Stage, changes: dict[str, str]) -> None:
    old = asks(stage, 1)
    with pytest.raises(NotReplaced) as refused:
        sends(stage, edited(old, **changes))
    assert refused.value.mistake is Mistake.NOT_THEIRS
    assert now(stage, old).state is State.PENDING


def test_nobody_gets_the_ids_of_another_s_request(stage: Stage) -> None:
    old = asks(stage, 1)
    with pytest.raises(NotReplaced, match="not_theirs"):
        sends(stage, Draft("k", BOB, DEMO, Route.ROUTING, ids_of=old.id))


def test_the_same_once_more_leaves_what_waits(stage: Stage) -> None:
    old = asks(stage, 1)
    same = replace(edited(old), reason=old.draft.reason)
    with pytest.raises(NotReplaced) as refused:
        sends(stage, same)
    assert refused.value.mistake is Mistake.UNCHANGED
    stage.press(0, ALICE, Verdict.WITHDRAW, 0)
    stage.work_on(4)
    assert sends(stage, same).request.id != old.id  # of what is closed the same is asked again


def test_what_runs_is_asked_back_and_stands_beside_it_if_wanted_anyway(stage: Stage) -> None:
    old = asks(stage, 1, channel=FREE)
    recorded = sends(stage, edited(old, ids=(phone(stage, 4),)))
    assert recorded.repeat is not None
    became, why = answer(recorded, WORDS).sentences
    assert became.template.startswith("{request} was approved by {by} and is")
    assert why == WORDS.too_late_to_replace()
    assert sends(stage, edited(old)).repeat == recorded.repeat  # delivered again
    new = sends(stage, wanted_anyway(recorded.repeat, ToPerson(ALICE)), anyway=True).request
    assert (new.draft.replaces, new.draft.ids) == ("", (phone(stage, 4),))


def test_the_same_wish_of_a_moment_ago_is_asked_back_and_nothing_is_withdrawn(
    stage: Stage,
) -> None:
    old = asks(stage, 1)
    draft = edited(old, ids=(phone(stage, 2),))
    twin = sends(stage, replace(draft, key="other", replaces="")).request
    recorded = sends(stage, draft)
    assert recorded.repeat is not None
    assert answer(recorded, WORDS).sentences[0].values["request"] == Code(twin.id)
    assert now(stage, old).state is State.PENDING
    again = wanted_anyway(recorded.repeat, ToPerson(ALICE))
    assert again.replaces == old.id


def test_what_is_edited_again_replaces_the_newest_in_its_place(stage: Stage) -> None:
    old = asks(stage, 1)
    first = sends(stage, edited(old)).request
    second = sends(stage, edited(old, "edit again", ids=(phone(stage, 2),))).request
    assert now(stage, first).note.replaced_by == second.id
    assert second.draft.replaces == first.id
    read = stage.life.world.ledger.read
    assert stage.do(read(lambda tx: latest(tx, old.id))) == now(stage, second)


def test_in_place_of_one_without_a_card_stands_the_one_before(stage: Stage) -> None:
    """It was edited, refused since nobody knows the phone, and then edited once more."""
    old = asks(stage, 1)
    refused = sends(stage, edited(old, ids=("f" * 32,))).request
    assert now(stage, refused).state is State.REFUSED
    assert takes_its_place(now(stage, refused))
    assert not takes_its_place(now(stage, old))
    new = sends(stage, edited(refused, "again", ids=old.draft.ids)).request
    assert (new.draft.replaces, now(stage, old).note.replaced_by) == (old.id, new.id)
    told = [one.post.sentences[0] for one in stage.truth().thread(old.id)]
    assert told[-1] == WORDS.asked_again_as(new.id)
    assert not stage.truth().thread(refused.id)


def test_what_nobody_saw_is_replaced_without_a_word(stage: Stage) -> None:
    stage.ask(ALICE, f"divert routing {'f' * 32}", HOME, 1)
    stage.work_on(4)
    refused = newest(stage)
    new = sends(stage, edited(refused, ids=(phone(stage, 1),))).request
    assert (now(stage, new).state, new.draft.replaces) == (State.PENDING, refused.id)
    assert not stage.truth().thread(refused.id)


@pytest.mark.parametrize(
    ("by", "told"),
    [(BOB, WORDS.only_requester_edits(ALICE)), (ALICE, WORDS.too_late_to_edit())],
)
def test_who_may_not_edit_or_comes_too_late_is_told(stage: Stage, by: str, told: object) -> None:
    running = asks(stage, 1, channel=FREE)
    read = stage.life.world.ledger.read
    post = stage.do(read(lambda tx: to_edit(tx, running.id, ToPerson(by), WORDS)))
    assert isinstance(post, Post)
    assert post.sentences[-1] == told
    assert [one.action for one in post.buttons] == (["open_form"] if by == ALICE else [])


def test_what_waits_is_given_to_who_asked_for_it(stage: Stage) -> None:
    old = asks(stage, 1)
    read = stage.life.world.ledger.read
    assert stage.do(read(lambda tx: to_edit(tx, old.id, ToPerson(ALICE), WORDS))) == old
    lost = stage.do(read(lambda tx: to_edit(tx, "D-ZZZZ", ToPerson(ALICE), WORDS)))
    assert lost == Post(ToPerson(ALICE), (WORDS.unknown_button(),))


def test_a_late_approval_of_what_was_replaced_is_shown_the_new_one(stage: Stage) -> None:
    old = asks(stage, 1)
    new = sends(stage, edited(old)).request
    stage.click(old.id, CAROL, Verdict.APPROVE, old.plan_hash[:12])
    stage.work_on(2)
    posts = [one.post for one in stage.truth().posts if isinstance(one.post.to, ToPerson)]
    assert WORDS.decided_elsewhere(old.id, new.id) in [one.sentences[0] for one in posts]
    hold(stage)
