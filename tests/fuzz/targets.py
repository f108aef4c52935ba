"""What is fed with bytes of any kind, and must hold of whatever comes of them.

One function a target: hypothesis calls it in every run of the tests, and a fuzzer that is guided by
what the code reaches does in `make fuzz`.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.config_file import ConfigFile
from bot.config_reading import parsed
from bot.cph import wire
from bot.cph.answer import read_answer
from bot.cph.errors import explain, stated_limit
from bot.cph.exchange import Reply
from bot.divert.failures import CloudFailure, FileUnreadable
from bot.divert.grammar import Divert, Misread, read_command, write_command
from bot.divert.id_file import read_file
from bot.divert.phones import PHONE_ID, Reading
from bot.divert.request import Draft
from bot.divert.spreadsheet import defused
from bot.divert.typed import LINK
from bot.divert.wording import words_in
from bot.environment import ConfigError
from bot.slack.answering import who
from bot.slack.commands import pressed_line, typed_line
from bot.slack.deny_form import parse_deny
from bot.slack.form import parse, read_place
from bot.slack.form_selection import gathered
from bot.slack.mrkdwn import VALUE_LIMIT, clean, escape, units
from bot.slack.payload import Malformed, checked, read_body
from bot.slack.values import read_column, read_command_value, read_repeat, read_value
from bot.slack.weighing_forms import parse as parse_weighed

Target = Callable[[bytes], None]

IDS: Final = 1_000  # in one file
WHY: Final = {
    "not_text", "broken", "columns", "spreadsheet", "no_ids", "not_ids", "too_many",
}  # fmt: skip
ENTITY: Final = re.compile(r"&(?:amp|lt|gt);")
MODELS: Final = (
    wire.JobsBody,
    wire.PhonesBody,
    wire.PhoneRow,
    wire.ServersBody,
    wire.EncodeServersBody,
    wire.ResourcesBody,
    wire.TagsBody,
    wire.TokenBody,
)


def grammar(data: bytes) -> None:
    """Any command is read or named; what it is offered instead is one; a wish can be repeated."""
    text = data.decode(errors="replace")
    read = read_command(text)
    if isinstance(read, Misread):
        words_in("en").misread(read.kind, read.word)
        assert not read.suggestion or not isinstance(read_command(read.suggestion), Misread)
    elif isinstance(read, Divert):
        are_ids(read.reading)
        assert read.reading.ids or read.selection.included
        assert repeated(read) == (read.route, read.reading.ids, written_alike(read))


def repeated(read: Divert) -> tuple[object, ...]:
    draft = Draft("", "", "demo", read.route, ids=read.reading.ids, selection=read.selection)
    again = read_command(write_command(draft))
    assert isinstance(again, Divert), write_command(draft)
    return again.route, again.reading.ids, written_alike(again)


def written_alike(read: Divert) -> str:
    """The selection; what looks like a link of Slack's does not survive being written."""
    written = str(read.selection)
    return "" if re.search(LINK, written) else written


def are_ids(reading: Reading) -> None:
    assert len(set(reading.ids)) == len(reading.ids)
    assert all(PHONE_ID.fullmatch(one) for one in reading.ids)


def id_file(data: bytes) -> None:
    """A file has ids, or is refused for a reason that there is a sentence for.

    Who chose a column is not asked for it again.
    """
    refused = refusal(data)
    if refused is not None:
        assert refused.why in WHY
        words_in("en").file_unreadable(refused.why, refused.detail)
        for column in refused.columns[:3]:
            again = refusal(data, column)
            assert again is None or again.why != "columns"


def refusal(data: bytes, column: str = "") -> FileUnreadable | None:
    try:
        reading = read_file(data, IDS, column)
    except FileUnreadable as refused:
        return refused
    are_ids(reading)
    assert 0 < len(reading.ids) <= IDS
    return None


def cloud_answer(data: bytes) -> None:
    """An answer of the cloud is read, or is a failure; what is told of it is one short line."""
    reply = Reply(200, {}, data, 0.0)
    answer = read_answer(reply)
    assert answer.message.isprintable()
    assert len(answer.message) <= 300
    explain(answer.code)
    stated_limit(answer.message)
    for model in MODELS:
        try:
            found = answer.read(model)
        except CloudFailure:
            assert answer.found is None
        else:
            found.model_dump_json()


def signed_request(data: bytes) -> None:
    """A body is malformed, or all that listeners read of it can be read."""
    for content_type in ("application/json", "application/x-www-form-urlencoded"):
        try:
            body = checked(read_body(data, content_type))
        except Malformed:
            continue
        json.dumps(body, ensure_ascii=False).encode()
        read_as_listeners_do(body)


def read_as_listeners_do(body: Mapping[str, Any]) -> None:
    if "command" in body:
        read_command(typed_line(dict(body)).text)
    elif body.get("type") == "block_actions":
        pressed_line(dict(body))
    elif body.get("type") == "view_submission":
        given, words = parse(body["view"]["state"]["values"]), words_in("en")
        gathered(given, words)
        parse_deny(body["view"])
        parse_weighed(body["view"])
    if "user" in body:
        assert who(body).user


def values(data: bytes) -> None:
    """What came back of a button or a form is of one kind at most, and never more than it was."""
    text = data.decode(errors="replace")
    readers = (read_value, read_column, read_command_value, read_repeat)
    assert sum(read(text) is not None for read in readers) <= 1
    place = read_place(text)
    assert all(isinstance(note, str) for note in place.notes)
    shown = escape(text)
    assert units(shown) <= VALUE_LIMIT
    assert not set("<>&\n") & set(ENTITY.sub("", shown))
    assert not [one for one in shown if unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp")]
    assert clean(clean(text)) == clean(text)
    assert not defused(text).startswith(tuple("=+-@"))


def policy_file(data: bytes) -> None:
    """A file is a policy, or each of its mistakes is told with the file's name."""
    mistakes = mistakes_in(data)
    assert all(line.startswith("bot.toml: ") for line in mistakes)


def mistakes_in(data: bytes) -> tuple[str, ...]:
    try:
        file = parsed("bot.toml", data, ConfigFile)
    except ConfigError as wrong:
        return wrong.mistakes or ("told nothing",)
    file.policy()
    file.known_projects()
    return ()


TARGETS: Final[Mapping[str, Target]] = {
    "grammar": grammar,
    "id_file": id_file,
    "cloud_answer": cloud_answer,
    "signed_request": signed_request,
    "values": values,
    "policy_file": policy_file,
}
