"""One press of a button, kept before it is acknowledged."""

from dataclasses import dataclass
from enum import StrEnum

from bot.divert.ports import Run, Start, Transaction


class Verdict(StrEnum):
    """What a button or a form wishes for."""

    APPROVE = "approve"
    DENY = "deny"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Click:
    """One press of a button, as Slack vouches for it; `plan` begins the hash that was seen."""

    key: str
    request_id: str
    person: str
    verdict: Verdict
    plan: str = ""
    reason: str = ""
    channel: str = ""
    reply_url: str = ""


def record_click(tx: Transaction, click: Click) -> None:
    """Keep a click and start its decision; a second delivery of it starts nothing."""
    arguments = {
        "person": click.person,
        "verdict": click.verdict,
        "plan": click.plan,
        "reason": click.reason,
        "channel": click.channel,
        "reply_url": click.reply_url,
    }
    tx.start(Start(Run.DECIDE, click.request_id, "", f"decide:{click.key}", arguments=arguments))
