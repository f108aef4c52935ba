"""The Bolt app and what the two ways into it have in common."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped
from slack_bolt.response import BoltResponse

from bot.divert.sentence import Sentence
from bot.slack.identity import Identity
from bot.slack.mrkdwn import mrkdwn
from bot.slack.reply import reply
from bot.slack.sparing_log import Sparing, only_first_line
from bot.slack.web import Web, build_client

log = logging.getLogger(__name__)
bolt_log = logging.getLogger(f"{__name__}.bolt")
# Bolt reads SLACK_BOT_TOKEN itself and then says that it does not use it.
bolt_log.addFilter(lambda said: said.getMessage() != warning_client_prioritized_and_token_skipped())
bolt_log.addFilter(Sparing())
bolt_log.addFilter(only_first_line)
# At DEBUG the SDK writes down each message whole: answer addresses, tokens, what people typed.
bolt_log.setLevel(logging.INFO)

OwnTeam = Callable[..., Awaitable[BoltResponse | None]]


class Transport(Protocol):
    """How Slack's commands, clicks and forms come in."""

    async def start(self) -> None:
        """Begin to take them.

        Raises:
            BadCredential: Slack does not take what we have.
        """

    def healthy(self) -> bool: ...
    async def close(self) -> None:
        """Take no more and let what is being answered end, within seconds."""


def build_app(
    web: Web, identity: Identity, other_team: Sentence, signing_secret: str = ""
) -> AsyncApp:
    """The app to put listeners on.

    Bolt asks `authorize` instead of calling auth.test on the first command, and it answers as soon
    as a listener ends instead of looking every 10 ms (`process_before_response`). Use the client
    of `context` or of `web`; Bolt's own `respond` would read proxy variables.
    """
    return AsyncApp(
        name="cph-bot",
        logger=bolt_log,
        client=build_client(None, web.client.base_url, web.proxy, web.session),
        authorize=_authorize(web, identity),
        before_authorize=_own_team(web, identity, mrkdwn(other_team)),
        signing_secret=signing_secret,
        process_before_response=True,
    )


def _authorize(web: Web, identity: Identity) -> Callable[..., Awaitable[AuthorizeResult]]:
    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=identity.team,
            bot_user_id=identity.bot_user,
            bot_id=identity.bot_id,
            bot_token=web.token,
        )

    return authorize


def _own_team(web: Web, identity: Identity, refusal: str) -> OwnTeam:
    """Answers whoever comes from another workspace, and lets nothing of theirs further."""

    async def own_team(
        body: dict[str, Any],
        context: AsyncBoltContext,
        next_: Callable[[], Awaitable[None]],
    ) -> BoltResponse | None:
        context["client"] = web.client
        if body.get("type") == "url_verification" or is_of(identity, body):
            await next_()
            return None
        log.warning("refused a request of another team than %s", identity.team)
        answer = {"response_type": "ephemeral", "text": refusal}
        if "command" in body:
            return BoltResponse(status=200, body=answer)
        await reply(web, str(body.get("response_url") or ""), answer)
        return BoltResponse(status=200, body="")

    return own_team


def is_of(identity: Identity, body: Mapping[str, Any]) -> bool:
    """Whether a command or interaction comes from this workspace, and so does whoever did it.

    In a channel that is shared with others the team is ours, and only the person's own tells. In
    an organisation of several workspaces that may be a sister's: there the directory decides.
    """
    team = str(body.get("team_id") or (body.get("team") or {}).get("id") or "")
    own = str((body.get("user") or {}).get("team_id") or "")
    return team == identity.team and (own in ("", identity.team) or bool(identity.enterprise))
