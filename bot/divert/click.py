"""One press of a button, kept before it is acknowledged."""

from dataclasses import dataclass
from enum import StrEnum

from bot.divert.transaction import Run, Start, Transaction


class Verdict(StrEnum):
    """What a button or a form wishes for."""

    APPROVE = "approve"
    DENY = "deny"
    BREAK_GLASS = "break_glass"
    REVIEW = "review"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    RESUME = "resume"
    LEAVE_OUT = "leave_out"


@dataclass(frozen=True, slots=True)
class Click:
    """One press of a button, as Slack vouches for it; `plan` begins the hash that was seen.

    `typed` is the number of phones as the person typed it, where that is asked for.
    """

    key: str
    request_id: str
    person: str
    verdict: Verdict
    plan: str = ""
    reason: str = ""
    channel: str = ""
    reply_url: str = ""
    typed: int | None = None


def record_click(tx: Transaction, click: Click) -> None:
    """Keep a click and start its decision; a second delivery of it starts nothing."""
    arguments = {
        "person": click.person,
        "verdict": click.verdict,
        "plan": click.plan,
        "reason": click.reason,
        "channel": click.channel,
        "reply_url": click.reply_url,
        "typed": click.typed,
    }
    tx.start(Start(Run.DECIDE, click.request_id, "", f"decide:{click.key}", arguments=arguments))
