"""What the cloud's refusals mean: one table for the code's way on and for people's.

A code decides before the HTTP status does, since the cloud's pages disagree about the latter:
the same code is 400 in one version and 403, 404 or 500 in another.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

from bot.cph.wire import read_code
from bot.divert.failures import CloudFailure, NotSent, Rejected, Stop, TryLater, Unclear

_CLASSES: Final[Mapping[str, type[CloudFailure] | None]] = {
    "not_sent": NotSent,
    "try_later": TryLater,
    "stop": Stop,
    "rejected": Rejected,
    "unclear": Unclear,
    "by_status": None,
}
UNAUTHORIZED: Final = 401
TOO_MANY: Final = 429
_UNAUTHORIZED_CODES: Final = frozenset({"APIGW.0301", "APIGW.0303"})
_LIMIT: Final = re.compile(
    r"limit:\s*(\d{1,9})\s*,\s*time:\s*(\d{1,6})\s*(second|minute|hour|day)", re.IGNORECASE
)
_SECONDS: Final = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86_400.0}
_NO_CODE: Final = "The cloud gave no reason."
_LOOK_UP: Final = (
    "Look it up at https://support.huaweicloud.com/intl/en-us/api-cph/ErrorCode.html or "
    "open a ticket with Huawei Cloud."
)


class Explanation(NamedTuple):
    """A code in plain words, each a sentence or two."""

    meaning: str
    advice: str


@dataclass(frozen=True, slots=True)
class _Known:
    kind: type[CloudFailure] | None
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Stated:
    """A limit as the gateway states it: so many calls in any stretch of so many seconds."""

    calls: int
    seconds: float

    @property
    def rate(self) -> float:
        """Calls per second."""
        return self.calls / self.seconds


def explain(code: str) -> Explanation:
    """Say what a code means and what to do; of an unknown one, where to look."""
    known = _find(read_code(code))
    if known is not None:
        return known.explanation
    if not code:
        return Explanation(_NO_CODE, _LOOK_UP)
    return Explanation(f"The cloud refused this with the code {code}.", _LOOK_UP)


def classify(status: int, code: str) -> type[CloudFailure]:
    """Choose the failure for an answer that is no success: by code, else by HTTP status."""
    known = _find(read_code(code)) if code else None
    if known is not None and known.kind is not None:
        return known.kind
    return _by_status(status)


def is_unauthorized(status: int, code: str) -> bool:
    """Tell whether the key or the token was not accepted; a right that lacks is not that."""
    return status == UNAUTHORIZED or _same_gateway(code) in _UNAUTHORIZED_CODES


def stated_limit(message: str) -> Stated | None:
    """Read the limit out of a 429's message, the only place where the gateway gives it."""
    found = _LIMIT.search(message)
    if found is None or not int(found[1]) or not int(found[2]):
        return None
    return Stated(int(found[1]), int(found[2]) * _SECONDS[found[3].lower()])


def codes_of(kind: type[CloudFailure]) -> frozenset[str]:
    return frozenset(code for code, known in _table().items() if known.kind is kind)


def _by_status(status: int) -> type[CloudFailure]:
    if status == TOO_MANY:
        return NotSent
    if status == UNAUTHORIZED or status // 100 == 3:  # noqa: PLR2004 - 3xx, as one says it
        return Stop
    return Rejected if status // 100 == 4 else Unclear  # noqa: PLR2004 - 4xx, as one says it


def _find(code: str) -> _Known | None:
    table = _table()
    family = f"{code[:6]}xx" if code.startswith("HTTP.") else code
    return table.get(_same_gateway(code)) or table.get(family)


def _same_gateway(code: str) -> str:
    """The gateway calls itself APIG or APIGW; the numbers mean the same."""
    return f"APIGW.{code[5:]}" if code.startswith("APIG.") else code


@cache
def _table() -> Mapping[str, _Known]:
    text = resources.files("bot.cph").joinpath("codes.toml").read_text(encoding="utf-8")
    return {
        code: _Known(_CLASSES[row["class"]], Explanation(row["meaning"], row["advice"]))
        for code, row in tomllib.loads(text).items()
    }
