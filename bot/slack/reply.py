"""Answering by the `response_url` of a command or a click."""

from http import HTTPStatus
from typing import Any, Final

import aiohttp

from bot.slack.web import Web

TIMEOUT: Final = aiohttp.ClientTimeout(total=10)


async def reply(web: Web, url: str, message: dict[str, Any]) -> bool:
    """Say something that only the person sees; False where it must be said another way.

    Slack takes five answers within 30 minutes and refuses the rest, so it alone keeps count. The
    address is a secret and stands in no failure.
    """
    if not url or not web.origins.allows(url):
        return False
    body = {"response_type": "ephemeral", "replace_original": False, **message}
    try:
        async with web.session.post(
            url, json=body, proxy=web.proxy, timeout=TIMEOUT, allow_redirects=False
        ) as answer:
            return answer.status == HTTPStatus.OK
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False
