"""One command of an operator, kept before it is acknowledged."""

from dataclasses import dataclass

from bot.divert.transaction import Run, Start, Transaction


@dataclass(frozen=True, slots=True)
class Order:
    """To pause a project, or `EVERY` one, or to let it go on."""

    key: str
    person: str
    project: str
    pauses: bool
    reason: str = ""
    channel: str = ""
    reply_url: str = ""


def record_order(tx: Transaction, order: Order) -> None:
    """Keep an order and start to carry it out; a second delivery of it starts nothing.

    It waits in no partition, since it may have to stop what is ahead of it.
    """
    arguments = {
        "person": order.person,
        "pauses": "yes" if order.pauses else "",
        "reason": order.reason,
        "channel": order.channel,
        "reply_url": order.reply_url,
    }
    key = f"operate:{order.key}"
    tx.start(Start(Run.OPERATE, order.project, "", key, arguments=arguments))
