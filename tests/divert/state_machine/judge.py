"""All that must hold, looked at in turn: at every moment, and once everything is at rest."""

from datetime import timedelta
from typing import Final

from bot.divert.click import Verdict
from bot.divert.request import CLOSED, State
from tests.divert.state_machine import always, decides, rest, stands, tells
from tests.divert.state_machine.decides import Clicks
from tests.divert.state_machine.life import TIMES
from tests.divert.state_machine.people import APPROVERS, DAN
from tests.divert.state_machine.stage import Stage
from tests.divert.state_machine.truth import Truth

LONGEST: Final = 600  # steps until everything must be at rest
_LOOKS: Final = 20  # steps from one look to the next
_EXPIRY: Final = TIMES.approval + timedelta(minutes=1)
_GAP: Final = 11.0  # seconds after which any card may be edited again


def hold(stage: Stage) -> Truth:
    """Look at everything that holds at every moment."""
    truth, memory = stage.truth(), stage.memory
    always.no_phone_is_lost(truth, memory)
    always.only_the_table_moves_requests(truth)
    always.no_phone_is_held_twice(truth)
    always.batches_fit_their_phones(truth)
    always.work_is_under_way(truth)
    always.cards_only_go_forward(truth, memory, stage.workspace.shown)
    _people_decide(stage, truth)
    tells.threads_tell_what_happened(truth)
    tells.refusals_are_told(truth)
    tells.replacements_are_told(truth)
    tells.who_is_named_did_it(truth, {one.reply_url: one.request_id for one in stage.clicks})
    tells.posts_come_in_order(truth, stage.workspace.said, stage.said_again)
    stands.nothing_begins(truth, stage.frozen)
    stands.operators_are_obeyed(truth, stage.orders)
    rest.succeeded_was_seen(truth, stage.sky)
    return truth


def _people_decide(stage: Stage, truth: Truth) -> None:
    keys = {one.key for one in truth.works}
    clicks = Clicks([one for one in stage.clicks if f"decide:{one.key}" in keys])
    decides.decisions_were_made(truth, clicks, stage.approvers, stage.memory)
    decides.people_moved_what_they_clicked(truth, clicks)
    decides.starts_are_agreed(truth, stage.approvers, stage.memory)
    decides.clicks_are_answered(truth, clicks)


def come_to_rest(stage: Stage) -> None:
    """Let everything be well and all work be done, and look at what has come of it."""
    stage.sky.clear()
    stage.workspace.away = False
    stage.set_freezes()
    stage.set_approvers(APPROVERS)
    stage.order(DAN, pauses=False)
    for number in range(LONGEST):
        if not (stage.go_on() or _let_people_end(stage)):
            break
        if number % _LOOKS == 0:
            hold(stage)
    else:
        raise AssertionError("it does not come to rest")
    truth = hold(stage)
    rest.everything_is_over(truth)
    rest.cloud_and_ledger_agree(truth, stage.sky, stage.moved)
    shown, world = {card.request_id: card for card in stage.cards}, stage.life.world
    stage.do(world.ledger.read(lambda tx: rest.cards_are_as_wanted(world, tx, shown)))


def _let_people_end(stage: Stage) -> bool:
    """Who is asked for something does it, or lets the time pass; False if nothing is open."""
    truth = stage.truth()
    for request_id, request in truth.requests.items():
        if request.state == State.HALTED:
            stage.click(request_id, request.draft["requester"], Verdict.RESUME, "")
            return True
    planned = [one for one in truth.requests.values() if one.planned_at is not None]
    if any(one.version > one.shown_version for one in planned):
        stage.pass_time(_GAP)
        return True
    if all(one.state in CLOSED for one in truth.requests.values()):
        return False
    stage.pass_time(_EXPIRY.total_seconds())
    return True
