"""A small app in front of the page: forms of menus, and an answer with a button."""

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.menu_app import MenuApp
from tests.sandbox.slack.payload_parts import Json, actions, button, mrkdwn, plain, section


class FormBot(MenuApp):
    """/form opens a form, /divret asks whether something else was meant, /card posts a menu."""

    def __init__(self, web: AsyncWebClient) -> None:
        super().__init__(web)
        self.card: list[Json] = []
        self.update: Json | None = None
        self.app.command("/divret")(self._ask_back)
        self.app.command("/card")(self._post)
        self.app.action("meant")(self._meant)
        self.app.action("project")(self._chosen)

    async def _ask_back(self, ack: AsyncAck) -> None:
        meant = button(action_id="meant", text=plain("Yes, divert"), value="divert")
        blocks = [section(text=mrkdwn("Did you mean `divert`?")), actions(meant)]
        await ack(text="Did you mean divert?", blocks=blocks)

    async def _meant(self, ack: AsyncAck, body: Json, respond: AsyncRespond) -> None:
        self.clicked.append(body)
        await ack()
        await respond("Diverting.", replace_original=True)

    async def _post(self, ack: AsyncAck, client: AsyncWebClient) -> None:
        await client.chat_postMessage(channel="C0OPS", text="card", blocks=self.card)
        await ack()

    async def _chosen(self, ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        self.clicked.append(body)
        if self.update is not None:
            await client.views_update(view_id=body["view"]["id"], view=self.update)
        await ack()
