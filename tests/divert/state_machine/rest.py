"""What holds once all work is done, with nothing wrong any more."""

from collections.abc import Mapping
from typing import Final

from bot.divert.card import card, standing
from bot.divert.outcome import UNDER_WAY, PhoneState
from bot.divert.request import CLOSED, State
from bot.divert.sentence import Card
from bot.divert.transaction import Transaction
from bot.divert.world import World
from sandbox.cloud.jobs import Job
from tests.divert.state_machine.gateway import Sky
from tests.divert.state_machine.truth import Truth

_TICK: Final = 1e-3  # seconds; the ledger keeps microseconds


def everything_is_over(truth: Truth) -> None:
    """Nothing is left to be done, and every phone that went out has its end."""
    for request_id, request in truth.requests.items():
        assert request.state in CLOSED
        if request.planned_at is not None:
            assert request.version == request.shown_version
        counts = truth.counts(request_id)
        if request.state in (State.DONE, State.CANCELLED):
            assert not counts.of(UNDER_WAY)
        if request.state == State.DONE:
            assert not counts[PhoneState.CANCELLED]
    assert all(one.posted for one in truth.posts)


def cards_are_as_wanted(world: World, tx: Transaction, shown: Mapping[str, Card]) -> None:
    """What hangs in Slack is the card of the request as the ledger has it."""
    for request_id, hanging in shown.items():
        request = tx.request(request_id)
        assert request is not None
        assert hanging == card(world, standing(tx, request))


def cloud_and_ledger_agree(truth: Truth, sky: Sky, moved: Mapping[str, float]) -> None:
    """Each phone is where the last request that moved it has put it.

    Not where somebody else has moved it since (`moved`: when, by phone), nor where a job that
    nobody could know of came later.
    """
    last: dict[str, tuple[float, str]] = {}
    for request_id, request in truth.requests.items():
        for row in truth.phones[request_id]:
            if row.state == PhoneState.SUCCEEDED:
                at = row.since.timestamp()
                last[row.phone_id] = max(
                    last.get(row.phone_id, (0.0, "")), (at, request.draft["route"])
                )
    late = {
        phone_id: max(job.ends or 0.0 for job in _jobs(sky, phone_id))
        for phone_id in last
        if _jobs(sky, phone_id)
    }
    for phone_id, (at, route) in last.items():
        if moved.get(phone_id, 0.0) < at and late.get(phone_id, 0.0) <= at:
            assert sky.cloud.main.fleet.phones[phone_id].route(sky.cloud.now()) == route


def _jobs(sky: Sky, phone_id: str) -> list[Job]:
    return [call.jobs[phone_id] for call in sky.sent if phone_id in call.jobs]


def succeeded_was_seen(truth: Truth, sky: Sky) -> None:
    """The cloud itself showed each phone that succeeded on its route, after it was sent."""
    for request_id, request in truth.requests.items():
        for row in truth.phones[request_id]:
            if row.state == PhoneState.SUCCEEDED:
                seen = sky.seen.get((row.phone_id, request.draft["route"]), [])
                began, ended = request.started_at.timestamp(), row.since.timestamp()
                assert any(began - _TICK <= at <= ended + _TICK for at in seen), (
                    "succeeded, and never seen there"
                )
