"""How Slack says no."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.slack.shapes import Json


class Refused(Exception):
    """The call is answered `{"ok": false, "error": <error>}`, with what `details` adds."""

    def __init__(self, error: str, **details: object) -> None:
        super().__init__(error)
        self.error = error
        self.details: Json = details


class RateLimited(Exception):
    """The call is answered HTTP 429 with `Retry-After: <retry_after>` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


def refused_arguments(problems: list[str]) -> Refused:
    """`invalid_arguments` with one message per problem, each ending in its JSON pointer."""
    messages = [f"[ERROR] {problem}" for problem in problems]
    return Refused("invalid_arguments", response_metadata={"messages": messages})


def refused_blocks(problems: list[str], error: str = "invalid_blocks") -> Refused:
    messages = [f"[ERROR] {problem}" for problem in problems]
    return Refused(error, errors=problems, response_metadata={"messages": messages})
