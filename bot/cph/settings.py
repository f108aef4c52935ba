"""What the adapter must be told: where the cloud is, who asks, and how fast."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AkSk:
    """An access key; `security_token` only with temporary keys."""

    ak: str
    sk: str = field(repr=False)
    security_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Password:
    """An IAM user of an account (`domain`), who signs in for a token."""

    domain: str
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectAccess:
    """One project of one region. Endpoints are origins, such as `https://host[:port]`."""

    name: str
    project_id: str
    endpoint: str
    iam_endpoint: str
    region: str
    credentials: AkSk | Password


@dataclass(frozen=True, slots=True)
class Limits:
    """How fast each kind of call starts, how many run at once, how long one may take.

    `calls_per_second` is a start: the governor learns the rest. `concurrency` is for one
    credential and kind of call. `deadline` bounds a whole call, `connect_deadline` the time
    until its connection stands; `key_rest` is how long no call is made with a key that was
    refused; all three in seconds.
    """

    calls_per_second: float = 10.0
    concurrency: int = 16
    deadline: float = 30.0
    connect_deadline: float = 5.0
    key_rest: float = 10.0


def default_endpoint(region: str) -> str:
    return f"https://cph.{region}.myhuaweicloud.com"


def default_iam_endpoint(region: str) -> str:
    return f"https://iam.{region}.myhuaweicloud.com"
