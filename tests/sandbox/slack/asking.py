"""Calling the Web API as slack_sdk's plain client does, and catching its refusals."""

from collections.abc import Awaitable

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse


async def refusal_of(call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """The answer of a call that Slack refuses."""
    with pytest.raises(SlackApiError) as caught:
        await call
    answer = caught.value.response
    assert isinstance(answer, AsyncSlackResponse)
    return answer


async def error_of(call: Awaitable[AsyncSlackResponse]) -> str:
    return str((await refusal_of(call))["error"])
