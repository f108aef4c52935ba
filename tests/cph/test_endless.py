"""Lists that do not end are left with a failure, and not with a part of the phones."""

import pytest

from bot.cph.client import CphCloud
from bot.cph.errors import explain
from bot.cph.lists import Listing, Page, read_list
from bot.divert.failures import Rejected, Unclear
from bot.divert.selection import Filter
from sandbox.cloud.cloud import Cloud as Sandbox
from sandbox.cloud.kinds import Kind
from tests.cph.asking import asked
from tests.cph.opening import DEMO, access, opened
from tests.cph.test_containers import containers
from tests.cph.wild import wild


async def read(cloud: CphCloud, only: Filter) -> int:
    return sum([len(page) async for _, page in cloud.phone_pages(DEMO, only)])


@pytest.mark.parametrize("only", [Filter(), Filter(name="mobile")])
async def test_a_list_of_phones_that_grows_with_every_page_is_left_with_a_failure(
    cloud: CphCloud, sandbox: Sandbox, only: Filter
) -> None:
    sandbox.set(list_endless="growing")
    with pytest.raises(Unclear, match="the list of phones did not end after 14 pages"):
        await read(cloud, only)
    assert len(asked(sandbox, Kind.LIST_PHONES)) == 14  # its first count is 400, of two pages


async def test_a_list_of_servers_without_an_end_is_left_with_a_failure(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    sandbox.set(list_endless="growing")
    with pytest.raises(Unclear, match="the list of servers did not end"):
        await cloud.servers(DEMO)
    assert len(asked(sandbox, Kind.LIST_SERVERS)) == 14


async def test_a_list_of_containers_without_an_end_is_left_with_a_failure() -> None:
    pages = [containers(*range(page * 100, page * 100 + 100)) for page in range(210)]
    async with wild(*pages) as server, opened(access(server.url)) as cloud:
        with pytest.raises(Unclear, match="the list of encoding containers did not end"):
            await cloud.containers(DEMO, {"x", "y", "z"})
    assert len(server.heads) == 200


def test_that_a_list_has_no_end_is_explained() -> None:
    meaning, advice = explain("LIST.ENDLESS")
    assert "did not come to an end" in meaning
    assert "Nothing was changed" in advice


class Numbers:
    """A list of the numbers from 0, as texts; `length` None is without an end."""

    def __init__(self, length: int | None, count: int | None = None) -> None:
        self.length = length
        self.count = count
        self.asked = 0

    async def ask(self, offset: int) -> Page[str]:
        self.asked += 1
        end = offset + 10 if self.length is None else min(offset + 10, self.length)
        return Page([str(number) for number in range(offset, end)], 10, self.count)


async def rows(numbers: Numbers, most_pages: int = 5_000) -> int:
    listing = Listing("numbers", numbers.ask, str, most_pages=most_pages)
    return sum([len(found) async for _, found in read_list(listing)])


async def test_without_a_count_a_list_of_phones_may_have_5_000_pages_and_no_more() -> None:
    endless = Numbers(None)
    with pytest.raises(Unclear, match="after 5000 pages"):
        await rows(endless)
    assert endless.asked == 5_000
    assert await rows(Numbers(49_999)) == 49_999


async def test_a_list_as_long_as_its_count_says_is_read_to_its_end() -> None:
    assert await rows(Numbers(90_000, 90_000), most_pages=3) == 90_000


async def test_a_count_without_measure_is_not_followed_for_ever() -> None:
    boasting = Numbers(None, 10**15)
    with pytest.raises(Unclear):
        await rows(boasting)
    assert boasting.asked == 10_000


async def test_a_list_that_refuses_the_page_behind_its_end_ends_there() -> None:
    class Strict(Numbers):
        async def ask(self, offset: int) -> Page[str]:
            if offset and offset >= (self.length or 0):
                raise Rejected("CPS.0002")
            return await super().ask(offset)

    assert await rows(Strict(20)) == 20
    with pytest.raises(Rejected):
        await rows(Refusing())


class Refusing(Numbers):
    def __init__(self) -> None:
        super().__init__(20)

    async def ask(self, offset: int) -> Page[str]:
        if offset:
            raise Rejected("CPS.0010")
        return await super().ask(offset)
