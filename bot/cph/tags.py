"""Tags of one project's servers, the only things of it that carry any.

Their lists give a total without saying what it counts: in a sample it is 1001 beside two rows. So
the end is where a page is not full.
"""

from functools import partial
from operator import attrgetter
from typing import Final

from bot.cph.call import Call
from bot.cph.calls import Calls
from bot.cph.governor import Kind
from bot.cph.lists import Listing, Page, whole_list
from bot.cph.wire import ResourceRow, ResourcesBody, TagsBody, TagValuesRow

_KEYS: Final = 100  # the most that ListProjectTags gives
_SERVERS: Final = 1000  # the most that ListResourceInstances gives


async def read_tags(calls: Calls) -> dict[str, tuple[str, ...]]:
    """Return each key with its values, by ListProjectTags.

    Source: https://support.huaweicloud.com/api-cph/cph_api_0557.html

    Raises:
        CloudFailure: they cannot be read.
    """
    listing = Listing("tags", partial(_tags, calls), attrgetter("key"))
    return {row.key: tuple(dict.fromkeys(row.values)) for row in await whole_list(listing)}


async def read_tagged(calls: Calls, key: str) -> dict[str, str]:
    """Return the servers that carry a tag with its value there, by ListResourceInstances.

    Source: https://support.huaweicloud.com/api-cph/cph_api_0555.html

    Raises:
        CloudFailure: they cannot be read.
    """
    listing = Listing("tagged servers", partial(_tagged, calls, key), attrgetter("resource_id"))
    tags = ((row.resource_id, tag) for row in await whole_list(listing) for tag in row.tags)
    return {server: tag.value for server, tag in tags if tag.key == key}


async def _tags(calls: Calls, offset: int) -> Page[TagValuesRow]:
    query = (("limit", str(_KEYS)), ("offset", str(offset)))
    body = await calls.read(Call(Kind.TAGS, "cph-server/tags", query), TagsBody)
    return Page(body.tags, _KEYS)


async def _tagged(calls: Calls, key: str, offset: int) -> Page[ResourceRow]:
    """A POST that only reads. Its numbers are texts, and no values mean any value."""
    question = {
        "action": "filter",
        "offset": str(offset),
        "limit": str(_SERVERS),
        "tags": [{"key": key, "values": []}],
    }
    call = Call(Kind.TAGGED, "cph-server/resource_instances/action", body=question)
    return Page((await calls.read(call, ResourcesBody)).resources, _SERVERS)
