"""What the world may not do, in our words: the failures that use-cases meet."""


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
    """A file could not be fetched or read; `why` chooses the sentence."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why} {detail}".strip())
        self.why = why
        self.detail = detail


class Away(Exception):
    """Slack cannot take this now; worth trying again after `wait` seconds."""

    def __init__(self, why: str, wait: float = 1.0) -> None:
        super().__init__(why)
        self.wait = wait


class Undeliverable(Exception):
    """The place is gone or closed to the bot; trying again would not help."""
