"""The team of the table: its people, its groups, and a policy that has everything in it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

ZONE: Final = "Asia/Shanghai"
DESK: Final = "C0DESK"  # where operators are told
ROOM: Final = "C0ROOM"  # the only place where one rule allows
_PLAIN: Final = {"deleted": False, "is_restricted": False, "is_stranger": False, "is_bot": False}
# One person is told one thing a second, so Alice is several people, in turn one for each row.
ALICES: Final = [f"alice{number}" for number in range(6)]
_OTHERWISE: Final[dict[str, dict[str, Any]]] = {
    **{name: {} for name in ALICES},
    "bob": {},
    "carol": {"locale": "en-GB"},
    "dave": {},
    "erin": {},
    "fred": {},
    "greta": {"locale": "de-DE"},
    "hank": {},
    "guest": {"is_restricted": True},
    "out": {"is_stranger": True},
    "away": {"team_id": "T0OTHER"},
    "gone": {"deleted": True},
    "robot": {"is_bot": True},
}
PEOPLE: Final[list[dict[str, Any]]] = [
    {**_PLAIN, "id": f"U0{name.upper()}", "name": name, "team_id": "T0SANDBOX", **otherwise}
    for name, otherwise in _OTHERWISE.items()
]
EVERYBODY: Final = [one["id"] for one in PEOPLE]
GROUPS: Final[list[dict[str, Any]]] = [
    {
        "id": "S0OPS",
        "handle": "ops",
        "users": [f"U0{name.upper()}" for name in ALICES],
        "disabled": False,
    },
    {
        "id": "S0APPROVE",
        "handle": "approvers",
        "users": ["U0BOB", "U0CAROL", "U0GUEST", "U0OUT"],
        "disabled": False,
    },
    {"id": "S0SHIFT", "handle": "shift", "users": ["U0BOB", "U0CAROL"], "disabled": False},
    {"id": "S0CREW", "handle": "crew", "users": ["U0HANK"], "disabled": False},
    {"id": "S0NOBODY", "handle": "nobody", "users": [], "disabled": False},
]
PROJECTS: Final = (
    "plain", "sized", "share", "day", "night", "room", "back", "pointed", "edges", "tagged",
    "guarded", "vault", "steps", "pair", "two", "either", "own", "shift", "slow", "vacant",
    "forgotten", "lonely", "brief", "crew", "frozen", "open", "watch", "patrol", "solo", "twice",
)  # fmt: skip

PROJECT: Final = """
[projects.{name}]
region = "cn-north-4"
project_id = "{project_id}"
endpoint = "{cloud}"
channel = "C0OPS"
"""

SETTINGS: Final = """
[limits]
calls_per_second = 500

[times]
approval = "8h"
plan_max_age = "1h"
first_poll = "100ms"
poll = "100ms"
"""

POLICY: Final = Path(__file__).with_name("policy.toml").read_text(encoding="utf-8")


def config(project_id: str, cloud: str) -> str:
    """The whole file, with hours that hold now, or do not, each more than a day off its edge."""
    projects = (PROJECT.format(name=one, project_id=project_id, cloud=cloud) for one in PROJECTS)
    return "".join(projects) + SETTINGS + policy()


def policy() -> str:
    today = datetime.now(UTC).astimezone(ZoneInfo(ZONE))
    hold = f"{_day(today, -1)}-{_day(today, 1)} 00:00-24:00"
    over = f"{_day(today, 3)} 00:00-24:00"
    text = POLICY.replace("HOLD", hold).replace("OVER", over).replace("ZONE", ZONE)
    return "\n" + text.partition("\n")[2]


def _day(today: datetime, later: int) -> str:
    return f"{today + timedelta(days=later):%a}"
