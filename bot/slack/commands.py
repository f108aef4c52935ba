"""`/cph …`, typed or run by a button that offered it: one way in for both."""

import hashlib
import logging
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.divert.card import status
from bot.divert.command import Pause, Resume, Verb
from bot.divert.failures import LedgerAway
from bot.divert.grammar import (
    Divert,
    Drift,
    Help,
    Misread,
    OpenForm,
    Phones,
    Plan,
    Status,
    Whoami,
    read_command,
)
from bot.divert.halt_lines import all_standing
from bot.divert.intake import drafted, record
from bot.divert.look import Look, record_look
from bot.divert.mistyped import nearest
from bot.divert.operator_grammar import write_order
from bot.divert.order import Order, record_order
from bot.divert.pause import EVERY
from bot.divert.refusing import run
from bot.divert.sentence import Button, Post, Sentence, ToPerson
from bot.divert.transaction import Transaction
from bot.divert.twice import Answer, answer
from bot.divert.wording import Words
from bot.divert.world import World
from bot.slack.answering import immediate, show_view, tell, who, words_of
from bot.slack.forms import new_form
from bot.slack.mrkdwn import unescaped
from bot.slack.values import read_command_value

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Line:
    """What stands behind `/cph`, as one person gave it.

    `key` is the same for every delivery of it, `once` also for every press of one button, so that
    a double click makes no second request.
    """

    text: str
    by: ToPerson
    trigger_id: str
    key: str
    once: str


@dataclass(frozen=True, slots=True)
class Commands:
    world: World

    async def typed(self, ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient) -> None:
        told = await self._answer(typed_line(command), client)
        if told.sentences:
            await ack(**immediate(told.sentences, told.buttons))
        else:
            await ack()

    async def pressed(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        """A button that runs a command gives its presser nothing that typing would not."""
        by, line = who(body), pressed_line(body)
        if line is None:
            told = Answer((self._words(by).unknown_button(),))
        else:
            told = await self._answer(line, client)
        if told.sentences:
            await tell(self.world, Post(by, told.sentences, told.buttons), body)
        await ack()

    def _words(self, by: ToPerson) -> Words:
        return words_of(self.world, by.user, by.channel)

    async def _answer(self, line: Line, client: AsyncWebClient) -> Answer:
        words = self._words(line.by)
        match read_command(line.text):
            case OpenForm():
                return await self._form(line, client, words)
            case Divert() as wish:
                return await self._ask(line, wish, words)
            case Plan() | Phones() | Whoami() | Drift() as question:
                return await self._question(line, question, words)
            case Pause() | Resume() as order:
                return await self._operate(line, order, words)
            case other:
                return await self._told(other, words)

    async def _question(
        self, line: Line, read: Plan | Phones | Whoami | Drift, words: Words
    ) -> Answer:
        """What is read anew, and changes nothing."""
        match read:
            case Plan(Divert(project=project)) | Phones(project=project):
                return await self._look(line, project, words)
            case Whoami(project):
                return await self._look(line, project, words, words.looking_up())
            case Drift(request_id):
                return await self._drift(line, request_id, words)

    async def _told(self, read: Status | Misread | Help, words: Words) -> Answer:
        """What is answered out of what is known already."""
        match read:
            case Status(request_id):
                return await self._status(request_id, words)
            case Misread():
                return misread(read, words)
            case Help():
                return Answer((words.help(),))

    async def _status(self, request_id: str | None, words: Words) -> Answer:
        """What stands comes first, before the latest requests."""

        def read(tx: Transaction) -> list[Sentence]:
            stands = all_standing(self.world, tx, words) if request_id is None else []
            return [*stands, *status(self.world, tx, request_id)]

        return Answer(tuple(await self.world.ledger.read(read)))

    async def _form(self, line: Line, client: AsyncWebClient, words: Words) -> Answer:
        view = new_form(self.world, line.by.channel, words)
        if await show_view(client, line.trigger_id, view):
            return Answer()
        button = Button("open_form", words.open_form_again())
        return Answer((words.form_not_opened(),), (button,))

    async def _ask(self, line: Line, wish: Divert, words: Words) -> Answer:
        """Record the draft of a command."""
        project = wish.project or self.world.project_of(line.by.channel)
        if project not in self.world.projects:
            return self._no_such_project(project, words)
        told = self.world.project_words(project)  # what is unreadable stands in the thread
        draft = drafted(wish, line.by, project, told, line.once)
        try:
            recorded = await self.world.ledger.write(lambda tx: record(tx, draft))
        except LedgerAway:
            raise  # answered for all listeners in one place
        except Exception:  # noqa: BLE001 - whatever it was, the person must hear of it
            _log.exception("a draft could not be recorded")
            return Answer((words.not_recorded(),))
        return answer(recorded, words)

    async def _look(
        self, line: Line, named: str | None, words: Words, told: Sentence | None = None
    ) -> Answer:
        """Record a question that changes nothing; `told` is heard until it is answered."""
        project = named or self.world.project_of(line.by.channel)
        if project not in self.world.projects:
            return self._no_such_project(project, words)
        by = line.by
        look = Look(line.key, by.user, project, line.text, by.channel, by.reply_url)
        try:
            await self.world.ledger.write(lambda tx: record_look(tx, look))
        except LedgerAway:
            raise
        except Exception:  # noqa: BLE001 - as above
            _log.exception("a question could not be recorded")
            return Answer((words.not_recorded(),))
        return Answer((told or words.looking(),))

    async def _drift(self, line: Line, request_id: str, words: Words) -> Answer:
        request = await self.world.ledger.read(lambda tx: tx.request(request_id))
        if request is None:
            return Answer((words.no_such_request(request_id),))
        return await self._look(line, request.project, words)

    async def _operate(self, line: Line, read: Pause | Resume, words: Words) -> Answer:
        """Record an operator's order; whether they are one is looked up afterwards."""
        project, known = read.project or EVERY, list(self.world.projects)
        if project not in (EVERY, *known):
            return no_project_to_pause(read, project, known, words)
        by, pauses = line.by, isinstance(read, Pause)
        order = Order(line.key, by.user, project, pauses, read.reason, by.channel, by.reply_url)
        await self.world.ledger.write(lambda tx: record_order(tx, order))
        return Answer((words.order_heard(),))

    def _no_such_project(self, project: str, words: Words) -> Answer:
        return Answer((words.no_such_project(project, list(self.world.projects)),))


def typed_line(command: dict[str, Any]) -> Line:
    by = ToPerson(command["user_id"], command["channel_id"], command.get("response_url", ""))
    key = f"command:{command['trigger_id']}"
    return Line(unescaped(str(command.get("text") or "")), by, command["trigger_id"], key, key)


def pressed_line(body: dict[str, Any]) -> Line | None:
    """The command a button carries, as if its presser had typed it; None where it carries none."""
    action, by = body["actions"][0], who(body)
    text = read_command_value(str(action.get("value") or ""))
    if text is None:
        return None
    at = (body.get("container") or {}).get("message_ts") or action["action_ts"]
    named = hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]
    pressed = f"run:{by.user}:{by.channel}"
    return Line(
        text,
        by,
        body["trigger_id"],
        f"{pressed}:{action['action_ts']}",
        f"{pressed}:{at}:{named}",
    )


def no_project_to_pause(
    read: Pause | Resume, project: str, known: list[str], words: Words
) -> Answer:
    """Nothing was stopped, which must not go unseen; what was probably meant is one press away."""
    told = words.no_project_to_pause(project, known)
    near = nearest(project, known)
    if not near:
        return Answer((told,))
    verb = Verb.PAUSE if isinstance(read, Pause) else Verb.RESUME
    better = write_order(verb, near, read.reason)
    return Answer((told, words.did_you_mean(better)), run(better, words))


def misread(read: Misread, words: Words) -> Answer:
    """What was not understood, and what was probably meant, to be run as it is."""
    told = words.misread(read.kind, read.word)
    if not read.suggestion:
        return Answer((told,))
    return Answer((told, words.did_you_mean(read.suggestion)), run(read.suggestion, words))
