"""What an API call's answer says: a body of the kind asked for, or a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from bot.cph.errors import TOO_MANY, classify, is_unauthorized
from bot.cph.exchange import Reply
from bot.cph.wire import Unreadable, read_error, read_object
from bot.divert.failures import CloudFailure, NotSent, Unclear

Body = TypeVar("Body", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Answer:
    """`found` is the JSON object of the body, None if it holds none."""

    reply: Reply
    found: Mapping[str, Any] | None
    code: str
    message: str

    @property
    def is_refusal(self) -> bool:
        """A success may carry a code in its rows, and refuses the call only if it has none."""
        return not self.reply.is_success or bool(self.code and "jobs" not in (self.found or {}))

    @property
    def kind(self) -> type[CloudFailure]:
        return classify(self.reply.status, self.code)

    @property
    def is_throttled(self) -> bool:
        return self.is_refusal and (self.reply.status == TOO_MANY or self.kind is NotSent)

    @property
    def is_unauthorized(self) -> bool:
        return self.is_refusal and is_unauthorized(self.reply.status, self.code)

    @property
    def knows_caller(self) -> bool:
        """Whether it came from behind the login; a broken gateway proves nothing."""
        passed = self.reply.status < 500 and not self.is_throttled  # noqa: PLR2004 - 5xx
        return passed and not self.is_unauthorized

    @property
    def shown_code(self) -> str:
        return self.code or f"HTTP.{self.reply.status}"

    def read(self, model: type[Body]) -> Body:
        """Return the body; the cloud's request id may stand in a header alone.

        Raises:
            Unclear: it is no JSON object.
        """
        if self.found is None:
            raise Unclear(message="the answer is unreadable")
        request_id = self.found.get("request_id") or self.reply.headers.get("x-request-id", "")
        return model.model_validate({**self.found, "request_id": request_id})


def read_answer(reply: Reply) -> Answer:
    try:
        found = read_object(reply.body)
    except Unreadable:
        return Answer(reply, None, "", "")
    return Answer(reply, found, *read_error(found, deep=not reply.is_success))
