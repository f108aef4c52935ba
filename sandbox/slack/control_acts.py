"""Control: acting as a person. Each act answers what the app acknowledged, and how fast."""

from aiohttp import BodyPartReader, web

from sandbox.slack.acts import Person, person
from sandbox.slack.delivery import Outcome, summed_up
from sandbox.slack.form import BadAct
from sandbox.slack.guard import body_of
from sandbox.slack.shapes import Json
from sandbox.slack.submitting import close, fill, submit
from sandbox.slack.suggesting import Menu, menu_in_message, menu_in_view, suggest
from sandbox.slack.workspace import Workspace


class Acts:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def command(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        who = self._who(body)
        return told(await who.command(body["channel"], str(body["text"])))

    async def click(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        who, action_id, block_id = self._who(body), str(body["action_id"]), body.get("block_id")
        if "view_id" in body:
            outcome = await who.click_view(body["view_id"], action_id, block_id, body.get("value"))
        else:
            outcome = await who.click_message(
                body["channel"], body["message_ts"], action_id, block_id, body.get("value")
            )
        return told(outcome)

    async def submit(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        return told(await submit(self._who(body), body["view_id"], body.get("values") or {}))

    async def fill(self, request: web.Request) -> web.Response:
        """Type without submitting."""
        body = await body_of(request)
        who = self._who(body)
        shown = who.view(body["view_id"])
        fill(who, shown, body["values"])
        return web.json_response({"view": self._workspace.view_json(shown)})

    async def close(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        outcome = await close(self._who(body), body["view_id"], clear=bool(body.get("clear")))
        return told(outcome or Outcome(acked=True, body={"delivered": False}))

    async def upload(self, request: web.Request) -> web.Response:
        """A form with `user` and `file`: the person's own file, not yet sent to anyone."""
        fields = await _form(request)
        who = person(self._workspace, str(fields.get("user")))
        given = fields.get("file")
        if not isinstance(given, tuple):
            raise BadAct("the form needs a file")
        name, content = given
        file = self._workspace.files.add(name, who.user.id, content)
        self._workspace.changes.mark()
        return web.json_response({"file_id": file.id, "size": len(content)})

    async def say(self, request: web.Request) -> web.Response:
        """Post as a person: `text`, and `thread_ts` for a reply."""
        body = await body_of(request)
        who = self._who(body)
        message = who.say(self._channel(who, body), str(body["text"]), body.get("thread_ts"))
        return web.json_response({"ts": message.ts})

    async def mention(self, request: web.Request) -> web.Response:
        """The same, beginning with the bot's name."""
        body = await body_of(request)
        who = self._who(body)
        text = f"<@{self._workspace.bot_user}> {body['text']}"
        message = who.say(self._channel(who, body), text, body.get("thread_ts"))
        return web.json_response({"ts": message.ts})

    async def home(self, request: web.Request) -> web.Response:
        self._who(await body_of(request)).open_home()
        return web.json_response({})

    async def shortcut(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        callback_id, ts = str(body["callback_id"]), body.get("message_ts")
        return told(await self._who(body).shortcut(callback_id, body.get("channel"), ts))

    async def suggest(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        who = self._who(body)
        return told(await suggest(who, self._menu(who, body), str(body.get("text") or "")))

    def _menu(self, who: Person, body: Json) -> Menu:
        if "view_id" in body:
            return menu_in_view(who, who.view(body["view_id"]), body)
        return menu_in_message(who, *who.message(body["channel"], body["message_ts"]), body)

    def _who(self, body: Json) -> Person:
        return person(self._workspace, str(body["user"]))

    def _channel(self, who: Person, body: Json) -> str:
        """`DM` is the person's direct message with the bot."""
        channel = str(body["channel"])
        return self._workspace.direct_room(who.user.id).id if channel == "DM" else channel


def told(outcome: Outcome) -> web.Response:
    return web.json_response(summed_up(outcome))


async def _form(request: web.Request) -> dict[str, str | tuple[str, bytes]]:
    """Text fields as text, files as (name, content)."""
    fields: dict[str, str | tuple[str, bytes]] = {}
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.name:
            content = bytes(await part.read())
            fields[part.name] = (part.filename, content) if part.filename else content.decode()
    return fields
