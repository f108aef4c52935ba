"""How the tests reach a cloud: the sandbox's, or one that misbehaves."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from bot.cph.client import CphCloud
from bot.cph.clock import RealClock
from bot.cph.connecting import open_http
from bot.cph.settings import AkSk, Limits, Password, ProjectAccess
from sandbox.cloud.accounts import (
    ACCESS_KEY,
    DOMAIN_NAME,
    SECRET_KEY,
    USER_NAME,
    USER_PASSWORD,
)
from sandbox.cloud.fleet import PROJECT_ID

KEY = AkSk(ACCESS_KEY, SECRET_KEY)
PASSWORD = Password(DOMAIN_NAME, USER_NAME, USER_PASSWORD)
FAST = Limits(calls_per_second=5000, concurrency=8, deadline=5, key_rest=0.0)
DEMO = "demo"


class Hasty(RealClock):
    """Real time, but what is slept for is over at once; each sleep is written down."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self._ahead = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self._ahead

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._ahead += seconds
        await super().sleep(0)


def access(url: str, credentials: AkSk | Password = KEY, iam: str = "") -> ProjectAccess:
    return ProjectAccess(
        name=DEMO,
        project_id=PROJECT_ID,
        endpoint=url,
        iam_endpoint=iam or url,
        region="cn-north-4",
        credentials=credentials,
    )


def told(cloud: CphCloud, project: str = DEMO) -> Mapping[str, Any]:
    """What the cloud has to tell of the pace of each kind of call, as it would be kept."""
    learned = cloud.learned(project)
    return learned({}, time.time()) if learned else {}


@asynccontextmanager
async def opened(
    *accesses: ProjectAccess, limits: Limits = FAST, clock: RealClock | None = None
) -> AsyncIterator[CphCloud]:
    """Open the projects; the first is called `demo`, the others `demo2` and so on."""
    names = [DEMO, *(f"{DEMO}{number}" for number in range(2, len(accesses) + 1))]
    named = {name: replace(one, name=name) for name, one in zip(names, accesses, strict=True)}
    cloud = CphCloud(named, limits, open_http(list(named.values()), limits), clock or Hasty())
    try:
        yield cloud
    finally:
        await cloud.close()
