"""Lists of phones that the cloud narrows, and where the whole list has each phone."""

from collections.abc import Callable

import pytest

from bot.cph.client import CphCloud
from bot.divert.phones import Phone
from bot.divert.selection import Filter
from sandbox.cloud.cloud import Cloud as Sandbox
from sandbox.cloud.kinds import Kind
from sandbox.cloud.phone import Phone as Real
from sandbox.cloud.phone import PhoneStatus
from tests.cph.asking import asked
from tests.cph.opening import DEMO


async def found(cloud: CphCloud, only: Filter) -> list[Phone]:
    return [phone async for _, page in cloud.phone_pages(DEMO, only) for phone in page]


def real(sandbox: Sandbox, fits: Callable[[Real], bool]) -> list[str]:
    return [phone.phone_id for phone in sandbox.main.fleet.newest_first if fits(phone)]


async def test_a_server_is_asked_for_alone(cloud: CphCloud, sandbox: Sandbox) -> None:
    server = next(iter(sandbox.main.fleet.servers))
    phones = await found(cloud, Filter(server=server))
    assert [one.id for one in phones] == real(sandbox, lambda one: one.server_id == server)
    assert asked(sandbox, Kind.LIST_PHONES) == [
        {"server_id": server, "limit": "200", "offset": "0"}
    ]


async def test_a_status_is_asked_for_by_its_number(cloud: CphCloud, sandbox: Sandbox) -> None:
    fleet = sandbox.main.fleet
    for phone in fleet.newest_first[::50]:
        fleet.set_status(phone, PhoneStatus.ABNORMAL)
    phones = await found(cloud, Filter(status=-7))
    assert [one.id for one in phones] == [one.phone_id for one in fleet.newest_first[::50]]
    assert asked(sandbox, Kind.LIST_PHONES)[0]["status"] == "-7"


async def test_a_status_of_nought_is_asked_for_too(cloud: CphCloud, sandbox: Sandbox) -> None:
    assert await found(cloud, Filter(status=0)) == []
    assert asked(sandbox, Kind.LIST_PHONES)[0]["status"] == "0"


async def test_a_part_of_a_name_is_asked_for_as_it_is(cloud: CphCloud, sandbox: Sandbox) -> None:
    sandbox.main.fleet.newest_first[3].name = "ads & more/広告"
    (phone,) = await found(cloud, Filter(name="& more/広"))
    assert phone.name == "ads & more/広告"
    assert asked(sandbox, Kind.LIST_PHONES)[0]["phone_name"] == "& more/広"


async def test_a_narrowed_list_of_several_pages_is_narrowed_on_each(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    assert len(await found(cloud, Filter(name="mobile-0"))) == 450
    assert [query["phone_name"] for query in asked(sandbox, Kind.LIST_PHONES)] == ["mobile-0"] * 3


@pytest.mark.parametrize("only", [Filter(status=2), Filter(name="mobile")])
async def test_in_a_narrowed_list_no_phone_has_a_place(cloud: CphCloud, only: Filter) -> None:
    assert {phone.place for phone in await found(cloud, only)} == {-1}


async def test_in_the_whole_list_each_phone_has_its_place(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    phones = await found(cloud, Filter())
    assert [phone.place for phone in phones] == list(range(450))
    assert [phone.id for phone in phones] == real(sandbox, lambda _: True)


async def test_what_is_read_a_second_time_has_the_place_it_has_then(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    sandbox.set(overrides=[{"switches": {"list_shift": -5}, "calls": 1}])
    places = {phone.id: phone.place for phone in await found(cloud, Filter())}
    listed = real(sandbox, lambda _: True)
    assert places.keys() >= set(listed)
    missed = listed[195:200]  # these slipped onto the page that was already read
    assert [places[one] for one in missed] == [195, 196, 197, 198, 199]
