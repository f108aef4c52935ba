"""Edits of fleets asked for over the control port, and the view of them as they really are."""

from collections import Counter
from dataclasses import replace

from sandbox.cloud.cloud import Cloud, Project
from sandbox.cloud.control_shapes import (
    PhoneEdit,
    PhoneRemoval,
    PhoneState,
    ServerEdit,
    ServerState,
    Summary,
)
from sandbox.cloud.fleet import Fleet
from sandbox.cloud.phone import Orders, Phone, PhoneStatus, Route, Server

_ORDERS = tuple(Orders.__slots__)
_STARTS_ANEW = (PhoneStatus.RESETTING, PhoneStatus.RESTARTING)


class NotHereError(Exception):
    """The edit names a project, phone or server there is not."""


def project_of(cloud: Cloud, project_id: str | None) -> Project:
    if project_id is None:
        return cloud.main
    if project_id not in cloud.projects:
        raise NotHereError(project_id)
    return cloud.projects[project_id]


def _phones(fleet: Fleet, ids: list[str]) -> list[Phone]:
    for phone_id in ids:
        if phone_id not in fleet.phones:
            raise NotHereError(phone_id)
    return [fleet.phones[phone_id] for phone_id in ids]


def edit_phones(cloud: Cloud, edit: PhoneEdit) -> int:
    """Edit all phones named, or none if one is not there; return how many."""
    fleet = project_of(cloud, edit.project_id).fleet
    phones = _phones(fleet, edit.ids)
    for phone in phones:
        _edit_phone(cloud, fleet, phone, edit)
    return len(phones)


def _edit_phone(cloud: Cloud, fleet: Fleet, phone: Phone, edit: PhoneEdit) -> None:
    if edit.status is not None:
        fleet.set_status(phone, edit.status)
        if edit.status in _STARTS_ANEW and cloud.switches.restart_resets_route:
            phone.put_on(Route.DIRECT)
    if edit.route is not None:
        phone.put_on(edit.route)
    if edit.name is not None:
        fleet.rename(phone, edit.name)
    orders = {name: getattr(edit, name) for name in _ORDERS if name in edit.model_fields_set}
    if orders:
        changed = replace(phone.orders or Orders(), **orders)
        phone.orders = changed if changed != Orders() else None


def remove_phones(cloud: Cloud, removal: PhoneRemoval) -> int:
    fleet = project_of(cloud, removal.project_id).fleet
    phones = _phones(fleet, removal.ids)
    for phone in phones:
        fleet.remove(phone)
    return len(phones)


def edit_servers(cloud: Cloud, edit: ServerEdit) -> list[str]:
    """Edit the servers; return the ids of phones made anew."""
    fleet = project_of(cloud, edit.project_id).fleet
    made: list[str] = []
    for server in [_server(fleet, named) for named in edit.servers]:
        _edit_server(fleet, server, edit)
        if edit.recreate:
            made += fleet.recreate_server(server.server_id)
    return made


def _server(fleet: Fleet, named: str) -> Server:
    for server in fleet.servers.values():
        if named in (server.server_id, server.name):
            return server
    raise NotHereError(named)


def _edit_server(fleet: Fleet, server: Server, edit: ServerEdit) -> None:
    if edit.name is not None:
        server.name = edit.name
    if edit.status is not None:
        server.status = edit.status
    if edit.container is not None:
        server.container = edit.container
    if edit.tags is not None:
        server.tags = dict(edit.tags)
    if edit.phone_status is not None:
        for phone in fleet.found(server.server_id, None, None):
            fleet.set_status(phone, edit.phone_status)


def phone_state(fleet: Fleet, phone: Phone, now: float) -> PhoneState:
    return PhoneState(
        id=phone.phone_id,
        name=phone.name,
        server=fleet.servers[phone.server_id].name,
        server_id=phone.server_id,
        route=phone.route(now),
        shown_route=phone.shown_route(now),
        status=phone.status,
    )


def server_states(fleet: Fleet) -> list[ServerState]:
    phones = Counter(phone.server_id for phone in fleet.newest_first)
    return [
        ServerState(
            id=server.server_id,
            name=server.name,
            status=server.status,
            container=server.container,
            tags=server.tags,
            phones=phones[server.server_id],
        )
        for server in fleet.servers.values()
    ]


def summary(cloud: Cloud) -> Summary:
    """Add up the record and, over all projects, the phones as they really are."""
    now, record = cloud.now(), cloud.record
    phones = [phone for p in cloud.projects.values() for phone in p.fleet.newest_first]
    return Summary(
        calls=record.arrived,
        calls_by_kind=record.by_kind_and_status(),
        error_codes=dict(record.codes),
        max_phones_a_call=record.most_phones,
        max_in_flight=record.most_in_flight,
        peak_calls_per_second=record.peak.most,
        peak_by_kind={kind.value: peak.most for kind, peak in record.peaks.items()},
        phones=len(phones),
        phones_by_route=dict.fromkeys(Route, 0) | Counter(phone.route(now) for phone in phones),
        phones_by_status=dict(Counter(phone.status for phone in phones)),
    )
