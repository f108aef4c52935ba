"""People's clicks against what the ledger has of them: none lost, none invented."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row

from bot.divert.click import Click, Verdict
from bot.divert.plan import SHOWN_HASH
from bot.divert.request import Event
from tests.divert.state_machine.always import Memory
from tests.divert.state_machine.people import may_decide
from tests.divert.state_machine.sends import asked_in
from tests.divert.state_machine.tells import replies
from tests.divert.state_machine.truth import Truth

_ON_A_PLAN: Final = frozenset({Verdict.APPROVE, Verdict.DENY})
_EVENTS: Final = {
    Verdict.WITHDRAW: Event.WITHDRAW,
    Verdict.RESUME: Event.RESUME,
    Verdict.CANCEL: Event.CANCEL,
    Verdict.DENY: Event.DENY,
}


@dataclass(frozen=True, slots=True)
class Clicks:
    """Those that were taken, and those of people who cannot know whether theirs was."""

    taken: Sequence[Click]

    def like(self, row: Row[Any]) -> list[Click]:
        return [
            click
            for click in self.taken
            if (click.request_id, click.person, click.verdict)
            == (row.request_id, row.person, row.verdict)
            and (click.verdict not in _ON_A_PLAN or click.plan == row.plan_hash[:SHOWN_HASH])
        ]


def decisions_were_made(
    truth: Truth, clicks: Clicks, approvers: Collection[str], memory: Memory
) -> None:
    """Each new one by a click of somebody who may, on the plan that they saw, and but once."""
    for row in truth.decisions[memory.decisions :]:
        assert clicks.like(row), "nobody decided that"
        asked = asked_in(truth, row.request_id)
        assert may_decide(row.person, row.verdict, asked, frozenset(approvers)), "not theirs"
    memory.decisions = len(truth.decisions)
    given = Counter(
        (one.request_id, one.plan_hash, one.person, one.verdict) for one in truth.decisions
    )
    assert all(count == 1 for count in given.values()), "a decision counts twice"


def people_moved_what_they_clicked(truth: Truth, clicks: Clicks) -> None:
    """No request is withdrawn, denied, cancelled or let go on more often than somebody clicked."""
    clicked = Counter((one.request_id, one.person, one.verdict) for one in clicks.taken)
    for request_id in truth.requests:
        for verdict, event in _EVENTS.items():
            by = Counter(one["who"] for one in truth.moves(request_id) if one["event"] == event)
            if event == Event.RESUME:
                del by[""]  # by itself, once nothing keeps it any more
            if event == Event.WITHDRAW and truth.requests[request_id].note["replaced_by"]:
                continue  # by an edit of it
            for person, count in by.items():
                assert count <= clicked[request_id, person, verdict], f"{event} without a click"


def starts_are_agreed(truth: Truth, approvers: Collection[str], memory: Memory) -> None:
    """A run that has just begun has its approvals, by people who may approve at this moment.

    So has one that went on by itself after a pause or a freeze.
    """
    for entry in truth.entries[memory.entries :]:
        by_itself = entry["event"] == Event.RESUME and not entry["who"]
        if entry["event"] == Event.START or by_itself:
            request_id = entry["request"]
            asked = asked_in(truth, request_id)
            agreed = set(truth.decided(request_id, Verdict.APPROVE)) & set(approvers)
            assert len(agreed) >= asked.needed, "begun without the approvals"
    memory.entries = len(truth.entries)


def clicks_are_answered(truth: Truth, clicks: Clicks) -> None:
    """What a click did is in the ledger, or the person was told why it did nothing."""
    done = {one.key for one in truth.works if one.run == "decide" and one.done}
    told = replies(truth)
    did = {(one["request"], one["who"]) for one in truth.entries}
    for click in clicks.taken:
        if f"decide:{click.key}" in done and click.reply_url not in told:
            assert (click.request_id, click.person) in did, "a click without an answer"
