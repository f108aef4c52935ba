"""What Slack sends, checked before anything reads it: the shape of all that listeners rely on.

A signature says who sent a body, not that it is one; and Socket Mode has not even that.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal
from urllib.parse import parse_qsl

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

# PostgreSQL keeps no NUL, and no database half of a surrogate pair; JSON can spell both.
_UNKEEPABLE: Final = re.compile("[\0\ud800-\udfff]")
_INSTEAD: Final = "\ufffd"
_JSON: Final = "application/json"
_FIELDS: Final = 100  # of a form; Slack's commands have 13

Json = dict[str, Any]


class Malformed(Exception):
    """No command, click or form as Slack sends them: which fields are wrong, and not their text."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


Id = Annotated[str, Field(min_length=1, max_length=255)]
Word = Annotated[str, Field(max_length=255)]
Maybe = BeforeValidator(lambda value: "" if value is None else value)
Text = Annotated[str, Maybe]


class _Team(_Part):
    id: Word = ""


class _User(_Part):
    id: Id
    team_id: Annotated[Word, Maybe] = ""


class _Channel(_Part):
    id: Word


class _Container(_Part):
    message_ts: Annotated[Word, Maybe] = ""


class _Option(_Part):
    value: str


class _File(_Part):
    id: Id


class _Field(_Part):
    """What is in one field of a form."""

    value: Text = ""
    selected_option: _Option | None = None
    selected_options: list[_Option] | None = None
    files: list[_File] | None = None


class _State(_Part):
    values: dict[str, dict[str, _Field]]


class _View(_Part):
    id: Id
    type: Literal["modal"]
    callback_id: Id
    private_metadata: Text = ""
    state: _State


class _Action(_Part):
    action_id: Word
    action_ts: Id
    value: Text = ""


class Command(_Part):
    """`/cph …`; each field comes as text."""

    command: Id
    user_id: Id
    channel_id: Id
    trigger_id: Id
    team_id: Word = ""
    text: Text = ""
    response_url: Text = ""


class _Interaction(_Part):
    user: _User
    team: _Team | None = None
    team_id: Annotated[Word, Maybe] = ""


class Press(_Interaction):
    """A button pressed or a menu chosen from, in a message or in a form."""

    type: Literal["block_actions"]
    trigger_id: Id
    actions: Annotated[list[_Action], Field(min_length=1)]
    channel: _Channel | None = None
    container: _Container | None = None
    view: _View | None = None
    response_url: Text = ""


class Submission(_Interaction):
    """A form that was sent."""

    type: Literal["view_submission"]
    trigger_id: Id
    view: _View


class Asking(_Interaction):
    """A menu that asks what it shall offer."""

    type: Literal["block_suggestion"]
    action_id: Word
    block_id: Word = ""
    value: Text = ""
    view: _View | None = None


class Challenge(_Part):
    """Slack looks whether the address is ours."""

    type: Literal["url_verification"]
    challenge: str


class CertificateCheck(_Part):
    """Slack looks at the certificate now and then."""

    ssl_check: Literal["1"]


Kind = Press | Submission | Asking | Challenge
_INTERACTION: Final = TypeAdapter[Kind](Annotated[Kind, Field(discriminator="type")])
_BY_KEY: Final[Mapping[str, TypeAdapter[Any]]] = {
    "ssl_check": TypeAdapter(CertificateCheck),
    "command": TypeAdapter(Command),
}


def read_body(body: bytes, content_type: str) -> object:
    """What a signed body holds: JSON, a form with JSON in `payload`, or a form.

    Raises:
        Malformed: it is none of these, or may be read in two ways.
    """
    try:
        text = body.decode()
        if content_type == _JSON:
            return _read_json(text)
        fields = _once(parse_qsl(text, keep_blank_values=True, max_num_fields=_FIELDS))
        return _read_json(fields["payload"]) if "payload" in fields else fields
    except (ValueError, RecursionError) as error:
        raise Malformed(f"body ({type(error).__name__})") from None


def _read_json(text: str) -> object:
    return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)


def _once(pairs: Sequence[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name comes twice")
    return found


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is no JSON")


def checked(payload: object) -> Json:
    """The payload with nothing in it but what is named above, nor what no database keeps.

    Raises:
        Malformed: it is nothing that a listener could read.
    """
    try:
        body = _keepable(payload)
    except RecursionError:
        raise Malformed("depth") from None
    if not isinstance(body, dict):
        raise Malformed("payload")
    kind = next((kind for key, kind in _BY_KEY.items() if key in body), _INTERACTION)
    try:
        named = type(kind.validate_python(body)).model_fields
    except ValidationError as wrong:
        raise Malformed(", ".join(sorted(_fields(wrong))) or "kind") from None
    return {name: value for name, value in body.items() if name in named}


def _fields(wrong: ValidationError) -> set[str]:
    """The names of ours alone: what stands deeper may be anybody's words."""
    return {str(word) for error in wrong.errors() for word in error["loc"] if word in _NAMES}


def _keepable(value: object) -> object:
    if isinstance(value, str):
        return _UNKEEPABLE.sub(_INSTEAD, value)
    if isinstance(value, Mapping):
        return {str(_keepable(name)): _keepable(one) for name, one in value.items()}
    return [_keepable(one) for one in value] if isinstance(value, list) else value


_NAMES: Final = frozenset(
    name for kind in (Command, Press, Submission, Asking) for name in kind.model_fields
)
