"""The bot's address, and what somebody with Slack's secret could send there."""

import time
from dataclasses import dataclass
from io import BytesIO

import aiohttp

from sandbox.slack import payloads
from sandbox.slack.delivery import Kind
from sandbox.slack.http_delivery import FORM, Seal, signed_post
from sandbox.slack.settings import SIGNING_SECRET
from sandbox.slack.shapes import Json
from sandbox.slack.signing import signed_headers
from sandbox.slack.workspace import Workspace


@dataclass(frozen=True)
class Door:
    url: str
    workspace: Workspace

    def click(self, user: str, card: Json, action_id: str, value: str) -> Json:
        """A click on a button of a card, whatever that button is and carries."""
        room = self.workspace.rooms[card["channel"]]
        message = room.find(card["ts"])
        assert message is not None
        action = {"type": "button", "action_id": action_id, "block_id": "forged", "value": value}
        action["action_ts"] = f"{time.time():.6f}"
        return payloads.message_click(
            self.workspace, self.workspace.users[user], room, message, action
        )

    def submission(self, user: str, private_metadata: str) -> Json:
        """The form that this person has open, with what it remembers put in another's place."""
        shown = self.workspace.views.top(user)
        assert shown is not None, f"{user} has no form open"
        payload = payloads.view_submission(self.workspace, self.workspace.users[user], shown)
        return payload | {"view": payload["view"] | {"private_metadata": private_metadata}}

    async def send(self, kind: Kind, payload: Json) -> int:
        """Deliver it signed as Slack does; the HTTP status."""
        posted = signed_post(self.url, kind, payload, Seal(SIGNING_SECRET), (0, ""))
        return await self._post(posted.body, posted.headers)

    async def send_bytes(self, body: bytes, content_type: str = FORM) -> int:
        headers = {"Content-Type": content_type, **signed_headers(body, SIGNING_SECRET)}
        return await self._post(body, headers)

    async def _post(self, body: bytes, headers: dict[str, str]) -> int:
        async with (
            aiohttp.ClientSession(trust_env=False) as session,
            session.post(self.url, data=BytesIO(body), headers=headers) as answer,
        ):
            return answer.status
