"""Acting as people in the sandbox's Slack, from a test or a script, over the control API."""

from io import BytesIO
from types import TracebackType
from typing import Self

import aiohttp

from sandbox.slack.form import flat
from sandbox.slack.shapes import Json

ROOT = "/control/slack"
# Seconds; a slow machine is no reason to miss what comes.
PATIENCE = 60.0


class ControlRefused(Exception):
    """The control API answered with something else than 200; the message says why."""


class NothingCame(AssertionError):
    """What was waited for did not come in time."""


class SlackDriver:
    """`async with SlackDriver(url) as slack:` where `url` is the sandbox's origin."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        # trust_env stays off: no proxy stands before this machine itself.
        self._session = aiohttp.ClientSession(trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._session.close()

    def person(self, user: str) -> "Human":
        return Human(self, user)

    async def state(self, user: str | None = None) -> Json:
        return await self.call("GET", "/state", params={"user": user} if user else {})

    async def changes(self, after: int, timeout: float = 25) -> int:  # noqa: ASYNC109 - a long poll has one
        """Wait until the workspace moved past `after`; where it stands now."""
        query = {"after": str(after), "timeout": str(timeout)}
        return int((await self.call("GET", "/changes", params=query))["seq"])

    async def calls(self, method: str | None = None, since: int = 0) -> list[Json]:
        """Web API calls of the bot, oldest first: method, args, at, status, ok, error, seq."""
        return list((await self._record(method, since))["calls"])

    async def deliveries(self, since: int = 0) -> list[Json]:
        """Attempts to deliver: kind, transport, attempt, id, ack_ms, error, seq."""
        return list((await self._record(None, since))["deliveries"])

    async def _record(self, method: str | None, since: int) -> Json:
        query = {"since": str(since)} | ({"method": method} if method else {})
        return await self.call("GET", "/calls", params=query)

    async def file(self, file_id: str) -> bytes:
        async with self._session.get(f"{self.url}{ROOT}/files/{file_id}") as answer:
            if answer.status != 200:
                raise ControlRefused(await answer.text())
            return await answer.read()

    async def wait_for(self, kind: str, timeout: float = PATIENCE, **condition: object) -> Json:  # noqa: ASYNC109 - the server waits
        """Wait for a `message`, `ephemeral`, `view`, `no_view`, `home` or `connected`."""
        body = {"condition": {"kind": kind, **condition}, "timeout": timeout}
        try:
            return dict((await self.call("POST", "/wait", json=body))["match"])
        except TimeoutError:
            raise NothingCame(f"no {kind} with {condition} in {timeout} s") from None

    async def fault(self, kind: str, **how: object) -> object:
        """Set a fault; `method` or `delivery`, `times` or `seconds`, and what its kind takes."""
        return (await self.call("POST", "/faults", json={"kind": kind, **how}))["happened"]

    async def clear_faults(self) -> None:
        await self.call("DELETE", "/faults")

    async def reset(self) -> None:
        await self.call("POST", "/reset")

    async def put(self, what: str, **body: object) -> None:
        """`people`, `groups`, `channels`, `transport`, `app` or `limits`."""
        await self.call("PUT", f"/{what}", json=body)

    async def call(
        self,
        verb: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        json: Json | None = None,
        data: aiohttp.FormData | None = None,
    ) -> Json:
        url = f"{self.url}{ROOT}{path}"
        async with self._session.request(verb, url, params=params, json=json, data=data) as answer:
            if answer.status == 408:
                raise TimeoutError
            found: Json = await answer.json()
            if answer.status != 200:
                raise ControlRefused(found.get("error"))
            return found


class Human:
    """One user at the keyboard.

    Acts answer `{acked, ack_ms, response, error?}`: `response` is the body of the app's
    acknowledgement, `error` what the person is told (dispatch_failed, operation_timeout,
    client_refused, invalid_response).
    """

    def __init__(self, slack: SlackDriver, user: str) -> None:
        self.slack, self.id = slack, user

    async def command(self, channel: str, text: str) -> Json:
        return await self._act("command", channel=channel, text=text)

    async def click(
        self,
        action_id: str,
        *,
        message: Json | None = None,
        view: Json | None = None,
        block_id: str | None = None,
        value: object = None,
    ) -> Json:
        """Press or choose in a message (as `wait_for` or `sees` gave it) or in a view."""
        place = await self._place(message, view)
        return await self._act(
            "click", action_id=action_id, block_id=block_id, value=value, **place
        )

    async def submit(self, values: Json | None = None, *, view: Json | None = None) -> Json:
        """Fill `{block_id: {action_id: value}}` in the form in front and press its button."""
        view_id = (view or await self.open_view())["id"]
        return await self._act("submit", view_id=view_id, values=values or {})

    async def fill(self, values: Json, *, view: Json | None = None) -> Json:
        view_id = (view or await self.open_view())["id"]
        return await self._act("fill", view_id=view_id, values=values)

    async def close(self, *, view: Json | None = None, clear: bool = False) -> Json:
        view_id = (view or await self.open_view())["id"]
        return await self._act("close", view_id=view_id, clear=clear)

    async def upload(self, name: str, content: bytes) -> str:
        """Make a file of one's own; the id goes into a file field of a form."""
        form = aiohttp.FormData()
        form.add_field("user", self.id)
        form.add_field("file", BytesIO(content), filename=name)
        return str((await self.slack.call("POST", "/upload", data=form))["file_id"])

    async def say(self, channel: str, text: str, thread_ts: str | None = None) -> str:
        """Post; `channel` may be "DM", the direct message with the bot. The message's ts."""
        posted = await self._act("say", channel=channel, text=text, thread_ts=thread_ts)
        return str(posted["ts"])

    async def mention(self, channel: str, text: str, thread_ts: str | None = None) -> str:
        posted = await self._act("mention", channel=channel, text=text, thread_ts=thread_ts)
        return str(posted["ts"])

    async def open_home(self) -> None:
        await self._act("home")

    async def shortcut(self, callback_id: str, message: Json | None = None) -> Json:
        place = {"channel": message["channel"], "message_ts": message["ts"]} if message else {}
        return await self._act("shortcut", callback_id=callback_id, **place)

    async def suggest(
        self,
        action_id: str,
        text: str,
        *,
        message: Json | None = None,
        view: Json | None = None,
        block_id: str | None = None,
    ) -> Json:
        """Type into an external select. `response` has `options` or `option_groups`.

        What is suggested can then be chosen, by its value, with `submit`, `fill` or `click`.
        """
        place = await self._place(message, view)
        return await self._act(
            "suggest", action_id=action_id, block_id=block_id, text=text, **place
        )

    async def offered(
        self, action_id: str, text: str, *, message: Json | None = None, view: Json | None = None
    ) -> dict[str, str]:
        """What drops down for this text: each option's value and label, in order.

        Raises:
            NothingCame: the person is shown nothing, because of an error.
        """
        told = await self.suggest(action_id, text, message=message, view=view)
        if "error" in told:
            raise NothingCame(f"no options for {text!r}: {told['error']} {told['response']}")
        return {option["value"]: option["text"]["text"] for option in flat(told["response"])}

    async def sees(self, channel: str) -> list[Json]:
        """Messages of a channel (or "DM") as this person sees them, ephemerals among them."""
        state = await self.slack.state(self.id)
        for room in state["channels"]:
            if room["id"] == channel or (channel == "DM" and room["is_im"]):
                return [m | {"channel": room["id"]} for m in room["messages"]]
        return []

    async def views(self) -> list[Json]:
        """The stack of open forms, the one in front last."""
        return list((await self.slack.state(self.id))["views"])

    async def open_view(self) -> Json:
        views = await self.views()
        if not views:
            raise NothingCame(f"{self.id} has no form open")
        return dict(views[-1])

    async def home(self) -> Json | None:
        found: Json | None = (await self.slack.state(self.id))["home"]
        return found

    async def wait_for(self, kind: str, timeout: float = PATIENCE, **condition: object) -> Json:  # noqa: ASYNC109 - the server waits
        """As `SlackDriver.wait_for`, for what this person sees."""
        return await self.slack.wait_for(kind, timeout, user=self.id, **condition)

    async def _place(self, message: Json | None, view: Json | None) -> Json:
        """Where an element is: in this message, or in this view or the form in front."""
        if message is not None:
            return {"channel": message["channel"], "message_ts": message["ts"]}
        return {"view_id": (view or await self.open_view())["id"]}

    async def _act(self, act: str, **body: object) -> Json:
        return await self.slack.call("POST", f"/{act}", json={"user": self.id, **body})
