"""The cloud's JSON as it really comes: unknown fields, nulls, empty and absent values.

Its pages disagree about nearly every detail, so a field that cannot be read becomes its empty
value instead of an error; only a body that is no JSON object is unreadable.
"""

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

_CODE = re.compile(r"(CPS|APIGW|APIG)\.?(\d{3,6})", re.ASCII | re.IGNORECASE)
_CODE_NAMES = ("error_code", "errorCode", "code")
_MESSAGE_NAMES = ("error_msg", "error_message", "errorMsg", "message")
_MESSAGE_LENGTH = 300
# The gateway repeats the whole signed request in this message, a temporary token included.
_ECHO = re.compile(r",?\s*canonicalRequest.*", re.IGNORECASE | re.DOTALL)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\s\ud800-\udfff]+")
_HALF_CHARACTERS = re.compile(r"[\ud800-\udfff]")  # JSON can spell them, UTF-8 cannot


class Unreadable(Exception):
    """A body that is no JSON object."""


def read_code(value: object) -> str:
    """Return a code in its usual spelling; `CPS0005` and `CPS.0005` are one."""
    text = value.strip() if isinstance(value, str) else ""
    if found := _CODE.fullmatch(text):
        return f"{found[1].upper()}.{found[2]}"
    return text[:64] if text.isprintable() else ""


def read_message(value: object) -> str:
    """Return one line of at most 300 characters, without the signed request in it."""
    text = value if isinstance(value, str) else ""
    return _UNPRINTABLE.sub(" ", _ECHO.sub("", text)).strip()[:_MESSAGE_LENGTH]


def _read_text(value: object) -> str:
    if isinstance(value, str):
        return _HALF_CHARACTERS.sub("", value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _read_number(value: object) -> int | None:
    try:
        return int(value) if isinstance(value, (int, float, str)) else None
    except (ValueError, OverflowError):
        return None


def _read_rows(value: object) -> list[object]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _read_texts(value: object) -> list[str]:
    return [_read_text(text) for text in value] if isinstance(value, list) else []


def _read_row(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


Text = Annotated[str, BeforeValidator(_read_text)]
Number = Annotated[int | None, BeforeValidator(_read_number)]
Code = Annotated[str, BeforeValidator(read_code)]
Message = Annotated[str, BeforeValidator(read_message)]
Rows = BeforeValidator(_read_rows)


class _Row(BaseModel):
    """Every object can be read as any of these; at worst all its fields are empty."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class JobRow(_Row):
    """An entry of an ImportTraffic answer, or a row of ListJobs (which has a status)."""

    phone_id: Text = ""
    job_id: Text = ""
    status: Number = None
    error_code: Code = ""
    error_msg: Message = ""
    execute_msg: Message = ""


class JobsBody(_Row):
    request_id: Text = ""
    jobs: Annotated[list[JobRow], Rows] = []


class PhoneRow(_Row):
    phone_id: Text = ""
    phone_name: Text = ""
    server_id: Text = ""
    traffic_type: Text = ""
    status: Number = None


class PhonesBody(_Row):
    count: Number = None
    phones: Annotated[list[PhoneRow], Rows] = []


class ServerRow(_Row):
    server_id: Text = ""
    server_name: Text = ""
    status: Number = None


class ServersBody(_Row):
    count: Number = None
    servers: Annotated[list[ServerRow], Rows] = []


class EncodeServerRow(_Row):
    encode_server_id: Text = ""
    server_id: Text = ""
    type: Number = None
    status: Number = None


class EncodeServersBody(_Row):
    encode_servers: Annotated[list[EncodeServerRow], Rows] = []


class TagRow(_Row):
    key: Text = ""
    value: Text = ""


class ResourceRow(_Row):
    resource_id: Text = ""
    tags: Annotated[list[TagRow], Rows] = []


class ResourcesBody(_Row):
    resources: Annotated[list[ResourceRow], Rows] = []


class TagValuesRow(_Row):
    key: Text = ""
    values: Annotated[list[str], BeforeValidator(_read_texts)] = []


class TagsBody(_Row):
    tags: Annotated[list[TagValuesRow], Rows] = []


class Life(_Row):
    issued_at: Text = ""
    expires_at: Text = ""


class TokenBody(_Row):
    token: Annotated[Life, BeforeValidator(_read_row)] = Life()


def read_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a body.

    Raises:
        Unreadable: it holds none.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(found, dict):
        raise Unreadable
    return found


def read_error(found: Mapping[str, Any], *, deep: bool = True) -> tuple[str, str]:
    """Return code and message of an error body, each empty where there is none.

    The service, the gateway and IAM spell the names differently, and some nest them: IAM in
    `error`, others anywhere, where they are looked for only if `deep`.
    """
    levels = list(_levels(found)) if deep else [found, _read_row(found.get("error"))]
    code = next(filter(None, (read_code(text) for text in _named(levels, _CODE_NAMES))), "")
    said = (read_message(text) for text in _named(levels, _MESSAGE_NAMES))
    return code, next(filter(None, said), "")


def _levels(found: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The object and those inside it, the outer ones first."""
    waiting = deque([found])
    while waiting:
        level = waiting.popleft()
        yield level
        waiting.extend(value for value in level.values() if isinstance(value, dict))


def _named(levels: Iterable[Mapping[str, Any]], names: Iterable[str]) -> Iterator[object]:
    return (level.get(name) for level in levels for name in names)
