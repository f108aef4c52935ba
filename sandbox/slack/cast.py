"""Who and what there is in the demonstration workspace."""

from dataclasses import dataclass

from sandbox.slack.people import User, UserGroup
from sandbox.slack.rooms import Room

TEAM = "T0SANDBOX"
OTHER_TEAM = "T0OTHER"
BOT_USER = "U0BOT"
BOT_ID = "B0BOT"
APP_ID = "A0CPH"


@dataclass
class Cast:
    users: list[User]
    groups: list[UserGroup]
    rooms: list[Room]


def demo_cast() -> Cast:
    return Cast(_users(), _groups(), _rooms())


def _users() -> list[User]:
    return [
        User(BOT_USER, "cph", "CPH divert bot", TEAM, is_bot=True),
        User("U0ALICE", "alice", "Alice Adams", TEAM),
        User("U0BOB", "bob", "Bob Brown", TEAM),
        User("U0CAROL", "carol", "Carol Chen", TEAM, locale="zh-CN", tz="Asia/Shanghai"),
        User("U0DAVE", "dave", "Dave Diaz", TEAM),
        User("U0GUEST", "guest", "Gus Guest", TEAM, is_restricted=True),
        User("U0GONE", "gone", "Gina Gone", TEAM, deleted=True),
        User("U0OUT", "olga", "Olga Outside", OTHER_TEAM, is_stranger=True),
    ]


def _groups() -> list[UserGroup]:
    return [
        UserGroup("S0OPS", "phone-ops", "Phone operations", ["U0ALICE"]),
        UserGroup("S0APPROVE", "phone-approvers", "Phone approvers", ["U0BOB", "U0CAROL"]),
    ]


def _rooms() -> list[Room]:
    people = ["U0ALICE", "U0BOB", "U0CAROL", "U0DAVE"]
    return [
        Room("C0OPS", "phone-ops", members=[*people, "U0GUEST", "U0OUT", BOT_USER]),
        Room("C0GENERAL", "general", members=list(people)),
        Room("C0OLD", "old-ops", members=[*people, BOT_USER], is_archived=True),
    ]
