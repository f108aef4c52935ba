"""Files that people gave to the form, fetched with the bot's token."""

from http import HTTPStatus
from typing import Any, Final

import aiohttp

from bot.divert.failures import FileAway, FileUnreadable
from bot.slack.failures import SlackAway, SlackFailure, slack_failures
from bot.slack.web import Web

_MEGABYTE: Final = 1024 * 1024
_CHUNK: Final = 64 * 1024
_GONE: Final = frozenset({"file_deleted", "file_not_found"})
_GONE_MODES: Final = frozenset({"hidden_by_limit", "tombstone"})
_PLAIN: Final = "identity"  # of encodings: what is packed may unpack to a thousand times its size
_NOT_THERE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


class SlackFiles:
    """The `Files` of the use-cases. The token goes to Slack's own addresses only."""

    def __init__(self, web: Web) -> None:
        self._web = web

    async def content(self, file_id: str, limit: int) -> bytes:
        """The file, at most `limit` bytes.

        Raises:
            FileUnreadable: `gone` or `too_large` (with the limit).
            FileAway: it did not come, with what happened.
        """
        info = await self._info(file_id)
        if info.get("mode") in _GONE_MODES:
            raise FileUnreadable("gone")
        if _size(info) > limit:
            raise too_large(limit)
        return await self._download(self._address(info), limit)

    async def _info(self, file_id: str) -> dict[str, Any]:
        try:
            with slack_failures():
                answer = await self._web.client.files_info(file=file_id)
        except SlackFailure as failure:
            if failure.code in _GONE:
                raise FileUnreadable("gone", failure.code) from None
            raise FileAway(failure.code) from None
        info = answer.get("file")
        return info if isinstance(info, dict) else {}

    def _address(self, info: dict[str, Any]) -> str:
        address = str(info.get("url_private_download") or info.get("url_private") or "")
        if not self._web.origins.allows(address):
            raise FileAway("foreign address")
        return address

    async def _download(self, address: str, limit: int) -> bytes:
        headers = {"Authorization": f"Bearer {self._web.token}", "Accept-Encoding": _PLAIN}
        try:
            with slack_failures():
                async with self._web.session.get(
                    address, headers=headers, proxy=self._web.proxy, allow_redirects=False
                ) as answer:
                    _check(answer)
                    return await _read(answer, limit)
        except SlackAway as away:
            raise FileAway(away.code) from None


def _size(info: dict[str, Any]) -> int:
    """In bytes, as Slack says; what comes is counted all the same."""
    size = info.get("size")
    return size if isinstance(size, int) else 0


def too_large(limit: int) -> FileUnreadable:
    return FileUnreadable("too_large", f"{limit / _MEGABYTE:.3g} MB")


def _check(answer: aiohttp.ClientResponse) -> None:
    """Slack sends a browser's log-in page, or there, whoever may not read a file."""
    if answer.status in _NOT_THERE:
        raise FileUnreadable("gone")
    if answer.status != HTTPStatus.OK:
        raise FileAway(f"HTTP {answer.status}")
    if answer.content_type == "text/html":
        raise FileAway("HTML")
    if answer.headers.get("Content-Encoding", _PLAIN) != _PLAIN:
        raise FileAway("packed")


async def _read(answer: aiohttp.ClientResponse, limit: int) -> bytes:
    content = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > limit:
            raise too_large(limit)
    return bytes(content)
