"""A bad end is not believed while an earlier call for the phone may yet be carried out.

Of a call whose answer was lost nobody knows whether it goes on. Where the call after it is
refused, or its job fails, the first may still put the phone on the route, so that is read back
before anything is told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from bot.divert.outcome import Change, PhoneState
from bot.divert.transaction import Transaction

_BAD_ENDS: Final = frozenset({PhoneState.REJECTED, PhoneState.FAILED})


def believed(tx: Transaction, request_id: str, changes: Sequence[Change]) -> Iterator[Change]:
    """The changes as they may be told; what is in doubt waits for its read-back."""
    bad = [change.phone_id for change in changes if change.state in _BAD_ENDS]
    doubtful = tx.unanswered(request_id, bad) if bad else frozenset()
    for change in changes:
        if change.phone_id in doubtful and change.state in _BAD_ENDS:
            yield replace(change, state=PhoneState.ACCEPTED, job_ended=True)
        else:
            yield change
