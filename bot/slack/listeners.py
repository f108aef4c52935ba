"""What people do in Slack, taken down before it is acknowledged.

Two doors, one corridor: a command and the form make the same draft. The acknowledgement is each
listener's last line, for one that is followed by an error is lost.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.divert import grammar
from bot.divert.card import status
from bot.divert.click import Click, Verdict, record_click
from bot.divert.grammar import Divert, Help, Misread, OpenForm, Status
from bot.divert.intake import record, shown
from bot.divert.ports import Transaction
from bot.divert.request import Draft
from bot.divert.sentence import Button, Post, Sentence, ToPerson
from bot.divert.wording import Words
from bot.divert.world import World
from bot.slack import form
from bot.slack.cards import post_blocks, read_value
from bot.slack.failures import SlackFailure, slack_failures
from bot.slack.intake_form import draft_of
from bot.slack.mrkdwn import joined

COMMAND: Final = "/cph"
_VERDICTS: Final = (Verdict.APPROVE, Verdict.WITHDRAW, Verdict.CANCEL, Verdict.RESUME)
_ANY: Final = re.compile("")  # after all others: whatever is left

_log = logging.getLogger(__name__)


def listen(app: AsyncApp, world: World) -> None:
    """Register every listener; a new command or button is added here."""
    hears = Listeners(world, world.words("en"))
    app.command(COMMAND)(hears.command)
    for verdict in _VERDICTS:
        app.action(verdict.value)(hears.click)
    app.action("deny")(hears.open_deny_form)
    app.action("open_form")(hears.open_form_again)
    app.action(_ANY)(hears.click_unknown)
    app.view(form.DIVERT)(hears.submit)
    app.view(form.DENY)(hears.submit_denial)


@dataclass(frozen=True, slots=True)
class Listeners:
    """One method for each thing a person can do."""

    world: World
    words: Words

    async def command(self, ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient) -> None:
        match grammar.read_command(str(command.get("text") or "")):
            case OpenForm():
                place = form.FormPlace(channel=command["channel_id"])
                if await self._open(client, command["trigger_id"], place, None):
                    await ack()
                else:
                    await ack(**self._form_button())
            case Divert() as wish:
                await ack(text=await self._ask(wish, command))
            case Status(request_id):
                await ack(text=joined(await self._status(request_id)))
            case Misread(kind, word):
                await ack(text=joined((self.words.misread(kind, word),)))
            case Help():
                await ack(text=joined((self.words.help(),)))

    async def _ask(self, wish: Divert, command: Mapping[str, Any]) -> str:
        """Record the draft of a command; the answer to its sender."""
        project = wish.project or next(iter(self.world.projects))
        if project not in self.world.projects:
            known = list(self.world.projects)
            return joined((self.words.no_such_project(project, known),))
        draft = Draft(
            key=f"command:{command['trigger_id']}",
            requester=command["user_id"],
            project=project,
            route=wish.route,
            channel=command["channel_id"],
            ids=wish.reading.ids,
            repeated=wish.reading.repeated,
            unreadable=shown(wish.reading.unreadable, self.world.project_words(project)),
            reason=wish.reason,
            reply_url=command.get("response_url", ""),
        )
        return joined((await self._record(draft),))

    async def _record(self, draft: Draft) -> Sentence:
        try:
            request, new = await self.world.ledger.write(lambda tx: record(tx, draft))
        except Exception:  # noqa: BLE001 - whatever it was, the person must hear of it
            _log.exception("a draft could not be recorded")
            return self.words.not_recorded()
        return self.words.heard(request.id) if new else self.words.heard_before(request.id)

    async def _status(self, request_id: str | None) -> Sequence[Sentence]:
        return await self.world.ledger.read(lambda tx: status(self.world, tx, request_id))

    async def _open(
        self,
        client: AsyncWebClient,
        trigger_id: str,
        place: form.FormPlace,
        draft: Draft | None,
    ) -> bool:
        view = form.build(draft, self.words, place, list(self.world.projects))
        return await self._show(client, trigger_id, view)

    @staticmethod
    async def _show(client: AsyncWebClient, trigger_id: str, view: dict[str, Any]) -> bool:
        """Open a view; False where Slack does not, for a trigger lives three seconds."""
        try:
            with slack_failures():
                await client.views_open(trigger_id=trigger_id, view=view)
        except SlackFailure as failure:
            _log.warning("the form could not be opened: %s", failure)
            return False
        return True

    def _form_button(self) -> dict[str, Any]:
        """The answer that opens the form with a new trigger."""
        button = Button("open_form", self.words.open_form_again())
        sentences = (self.words.form_not_opened(),)
        blocks, text = post_blocks(Post(ToPerson(""), sentences, (button,)))
        return {"text": text, "blocks": blocks}

    async def click(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """A button that decides something: kept first, decided afterwards."""
        action = body["actions"][0]
        await self._keep_click(
            Click(
                key=f"{action['action_ts']}:{body['user']['id']}:{action['action_id']}",
                request_id=self._carried(action)[0],
                person=body["user"]["id"],
                verdict=Verdict(action["action_id"]),
                plan=self._carried(action)[1],
                channel=(body.get("channel") or {}).get("id", ""),
                reply_url=body.get("response_url", ""),
            )
        )
        await ack()

    @staticmethod
    def _carried(action: Mapping[str, Any]) -> tuple[str, str]:
        """Request and plan of a button; a value that is not ours names no request."""
        return read_value(str(action.get("value") or "")) or ("", "")

    async def _keep_click(self, click: Click) -> None:
        await self.world.ledger.write(lambda tx: record_click(tx, click))

    async def click_unknown(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """A button of another version, or of nobody: it does nothing, and says so."""
        await self._tell(body, self.words.unknown_button())
        await ack()

    async def open_deny_form(
        self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient
    ) -> None:
        request_id, plan = self._carried(body["actions"][0])
        view = form.deny_form(request_id, plan, self.words)
        if not await self._show(client, body["trigger_id"], view):
            await self._tell(body, self.words.press_again())
        await ack()

    async def _tell(self, body: dict[str, Any], sentence: Sentence) -> None:
        """Answer who pressed, and nobody else."""
        channel = (body.get("channel") or {}).get("id", "")
        to = ToPerson(body["user"]["id"], channel, body.get("response_url", ""))
        await self.world.ledger.write(lambda tx: tx.say(Post(to, (sentence,))))

    async def open_form_again(
        self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient
    ) -> None:
        """The form as it was, for who was told that its file cannot be read."""
        request_id, _ = self._carried(body["actions"][0])
        draft = await self._own_draft(request_id, body["user"]["id"])
        channel = (body.get("channel") or {}).get("id", "")
        place = form.FormPlace(channel or (draft.channel if draft else ""), request_id)
        if not await self._open(client, body["trigger_id"], place, draft):
            await self._tell(body, self.words.press_again())
        await ack()

    async def _own_draft(self, request_id: str, person: str) -> Draft | None:
        request = await self.world.ledger.read(lambda tx: tx.request(request_id))
        return request.draft if request is not None and request.requester == person else None

    async def submit(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        """The form: what is wrong is shown in it, what is right is recorded."""
        given = form.parse(view["state"]["values"])
        wrong = form.errors(given, self.words)
        draft = None if wrong else draft_of(given, body, self.world)
        if isinstance(draft, str):
            wrong = {form.IDS: self.words.form_no_ids(draft)}
        if isinstance(draft, Draft) and not await self._recorded(draft):
            wrong = {form.IDS: self.words.form_not_recorded()}
        if wrong:
            await ack(response_action="errors", errors=wrong)
        else:
            await ack()

    async def _recorded(self, draft: Draft) -> bool:
        def keep(tx: Transaction) -> None:
            request, new = record(tx, draft)
            if new:
                to = ToPerson(draft.requester, draft.channel)
                tx.say(Post(to, (self.words.heard(request.id),)))

        try:
            await self.world.ledger.write(keep)
        except Exception:  # noqa: BLE001 - whatever it was, the person must hear of it
            _log.exception("a draft could not be recorded")
            return False
        return True

    async def submit_denial(
        self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]
    ) -> None:
        request_id, plan, reason = form.parse_deny(view)
        wrong = form.deny_errors(reason, self.words)
        if wrong:
            await ack(response_action="errors", errors=wrong)
            return
        person = body["user"]["id"]
        await self._keep_click(
            Click(f"{view['id']}:{person}", request_id, person, Verdict.DENY, plan, reason)
        )
        await ack()
