"""What the world may not do, in our words: the failures that use-cases meet."""

from enum import StrEnum


class CloudFailure(Exception):
    """The cloud did not do what was asked. The subclasses are the words of the error table."""

    def __init__(self, code: str = "", message: str = "") -> None:
        super().__init__(f"{code} {message}".strip())
        self.code = code
        self.message = message


class NotSent(CloudFailure):
    """It never reached the backend: nothing happened there, and no try is counted.

    `wait` is in seconds.
    """

    def __init__(self, code: str = "", message: str = "", wait: float = 1.0) -> None:
        super().__init__(code, message)
        self.wait = wait


class TryLater(CloudFailure):
    """The cloud is busy; the same call may work soon."""


class Stop(CloudFailure):
    """No call will work until a person mends something."""


class Rejected(CloudFailure):
    """The call was refused for what it holds."""


class Unclear(CloudFailure):
    """It may have happened or not."""


class LookupFailed(Exception):
    """Slack could not say who a person is or which groups they are in."""


class FileUnreadable(Exception):
    """A file could not be fetched or read; `why` chooses the sentence.

    `columns` are those of its columns that may hold the ids, where a person must say which: the
    text of the header, or the number from 1 where that names no column alone.
    """

    def __init__(self, why: str, detail: str = "", columns: tuple[str, ...] = ()) -> None:
        super().__init__(f"{why} {detail}".strip())
        self.why = why
        self.detail = detail
        self.columns = columns


class FileAway(FileUnreadable):
    """Slack did not give the file just now."""

    def __init__(self, detail: str) -> None:
        super().__init__("away", detail)


class Away(Exception):
    """Slack cannot take this now; worth trying again after `wait` seconds."""

    def __init__(self, why: str, wait: float = 1.0) -> None:
        super().__init__(why)
        self.wait = wait


class Undeliverable(Exception):
    """The place is gone or closed to the bot; trying again would not help."""


class CardGone(Undeliverable):
    """A card, or the channel it was in, is gone: nothing can be said below it any more."""


class Trouble(StrEnum):
    """What can be wrong with the machine or the database; a person mends it, or it passes."""

    DISK = "the disk is full or cannot be written"
    LOCKED = "the database is locked"
    AWAY = "the database does not answer"
    READ_ONLY = "the database is read-only"
    HANDLES = "hardly any file handle is left"
    CLOCK = "the clock jumped"


class LedgerAway(Exception):
    """The ledger cannot be written or read just now.

    Nothing of the work is kept, unless `unsure`: then the connection broke in the commit itself.
    """

    def __init__(self, trouble: Trouble, *, unsure: bool = False) -> None:
        super().__init__(trouble)
        self.trouble = trouble
        self.unsure = unsure


def is_ledger_away(failure: Exception) -> bool:
    """Whether it is that alone, also of several tasks at once."""
    if isinstance(failure, ExceptionGroup):
        return all(is_ledger_away(one) for one in failure.exceptions)
    return isinstance(failure, LedgerAway)
