"""One question that changes nothing, kept before it is acknowledged."""

from dataclasses import dataclass

from bot.divert.transaction import Run, Start, Transaction
from bot.divert.turns import looks


@dataclass(frozen=True, slots=True)
class Look:
    """Who wants to see what; `text` is the command as typed, without `/cph`."""

    key: str
    person: str
    project: str
    text: str
    channel: str = ""
    reply_url: str = ""


def record_look(tx: Transaction, look: Look) -> None:
    """Keep a question and start its answer; a second delivery of it starts nothing."""
    arguments = {
        "person": look.person,
        "text": look.text,
        "channel": look.channel,
        "reply_url": look.reply_url,
    }
    key = f"look:{look.key}"
    tx.start(Start(Run.LOOK, look.project, looks(look.project), key, arguments=arguments))
