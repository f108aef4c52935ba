"""What people do while the ledger is away: refused in words, in time, and nothing half done."""

import logging
from collections.abc import Callable
from typing import Any, Final, TypeVar

from slack_bolt.response import BoltResponse

from bot.divert.failures import LedgerAway
from bot.divert.sentence import Post, Sentence, ToPerson
from bot.divert.transaction import Ledger, Transaction
from bot.divert.world import World
from bot.slack import weighing_forms as weighing
from bot.slack.answering import immediate, tell_straight, who, words_of
from bot.slack.deny_form import DENY, REASON
from bot.slack.form import DIVERT, IDS, read_place
from bot.slack.mrkdwn import plain

T = TypeVar("T")

PATIENCE: Final = 2.0  # seconds for the ledger; Slack waits three in all
_FIELDS: Final = {  # where a form shows what is wrong, by callback id
    DIVERT: IDS,
    DENY: REASON,
    weighing.APPROVE: weighing.NUMBER,
    weighing.GLASS: weighing.REASON,
}

_log = logging.getLogger(__name__)


class HastyLedger:
    """A ledger for who has to acknowledge: what cannot be begun in time is never done."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def write(self, work: Callable[[Transaction], T], within: float | None = PATIENCE) -> T:
        return await self._ledger.write(work, within)

    async def read(self, work: Callable[[Transaction], T], within: float | None = PATIENCE) -> T:
        return await self._ledger.read(work, within)


class Unkept:
    """What Bolt does with a listener's failure."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def answer(self, error: Exception, body: dict[str, Any]) -> BoltResponse | None:
        """Tell who did it; a form stays open with all that is in it."""
        if not isinstance(error, LedgerAway):
            _log.error("a listener failed", exc_info=error)
            return None
        kind = "command" if "command" in body else str(body.get("type"))
        _log.info("refused a %s, since %s", kind, error)
        by = _by(body)
        words = words_of(self._world, by.user, by.channel)
        told = words.not_sure() if error.unsure else words.not_now(error.trouble)
        if kind == "command":
            return BoltResponse(status=200, body=immediate([told]))
        if kind == "view_submission":
            return BoltResponse(status=200, body=_in_form(body["view"], told))
        tell_straight(self._world, Post(by, (told,)))
        return BoltResponse(status=200, body="")


def _by(body: dict[str, Any]) -> ToPerson:
    if "command" in body:
        return ToPerson(body["user_id"], body["channel_id"])
    by = who(body)
    place = read_place(str((body.get("view") or {}).get("private_metadata") or ""))
    return ToPerson(by.user, by.channel or place.channel, by.reply_url)


def _in_form(view: dict[str, Any], told: Sentence) -> dict[str, Any]:
    field = _FIELDS[view["callback_id"]]
    return {"response_action": "errors", "errors": {field: plain(told)}}
