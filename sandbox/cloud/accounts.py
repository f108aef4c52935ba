"""Users, keys and tokens. All made up: they open nothing but this sandbox."""

import base64
from dataclasses import dataclass, field, replace

from sandbox.cloud.chance import hex_id

DOMAIN_NAME = "sandbox-account"
DOMAIN_ID = hex_id(0, "domain", DOMAIN_NAME)
USER_NAME = "sandbox-user"
USER_PASSWORD = "made-up-password"
ACCESS_KEY = "SANDBOXACCESSKEY"
SECRET_KEY = "made-up-secret-key-of-the-sandbox"
READER_NAME = "sandbox-reader"
READER_PASSWORD = "made-up-reader-password"
READER_ACCESS_KEY = "SANDBOXREADERKEY"
READER_SECRET_KEY = "made-up-secret-key-of-the-reader"

# Tokens of the real thing are several kB long; clients meet header limits with short ones never.
_TOKEN_BYTES = 2_250


@dataclass(frozen=True)
class User:
    name: str
    password: str
    may_write: bool = True

    @property
    def user_id(self) -> str:
        return hex_id(0, "user", self.name)


@dataclass(frozen=True)
class AccessKey:
    """`security_token` and `expires` (epoch seconds) belong to temporary keys only."""

    access: str
    secret: str = field(repr=False)
    user: User = field(repr=False)
    security_token: str | None = field(default=None, repr=False)
    expires: float | None = None


@dataclass(frozen=True)
class Token:
    """`project_id` None: scoped to the account, not to a project."""

    value: str = field(repr=False)
    user: User
    project_id: str | None
    issued: float
    expires: float


@dataclass
class Failures:
    """Failures in a row of one name, and until when it is locked for them."""

    in_a_row: int = 0
    locked_until: float = 0.0


@dataclass
class Lockout:
    """Locks a name after too many failures in a row; a success forgets them."""

    _by_name: dict[str, Failures] = field(default_factory=dict)

    def is_locked(self, name: str, now: float) -> bool:
        failures = self._by_name.get(name)
        return failures is not None and now < failures.locked_until

    def failed(self, name: str, now: float, allowed: int, seconds: float) -> None:
        failures = self._by_name.setdefault(name, Failures())
        failures.in_a_row += 1
        if failures.in_a_row >= allowed:
            failures.locked_until = now + seconds
            failures.in_a_row = 0

    def succeeded(self, name: str) -> None:
        self._by_name.pop(name, None)

    def forget(self) -> None:
        self._by_name.clear()


def _default_users() -> dict[str, User]:
    users = (User(USER_NAME, USER_PASSWORD), User(READER_NAME, READER_PASSWORD, may_write=False))
    return {user.name: user for user in users}


def _default_keys(users: dict[str, User]) -> dict[str, AccessKey]:
    keys = (
        AccessKey(ACCESS_KEY, SECRET_KEY, users[USER_NAME]),
        AccessKey(READER_ACCESS_KEY, READER_SECRET_KEY, users[READER_NAME]),
    )
    return {key.access: key for key in keys}


@dataclass
class Accounts:
    """Who there is, and what was issued to them."""

    seed: int = 1
    users: dict[str, User] = field(default_factory=_default_users)
    keys: dict[str, AccessKey] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    key_lockout: Lockout = field(default_factory=Lockout)
    password_lockout: Lockout = field(default_factory=Lockout)
    _issued: int = 0

    def __post_init__(self) -> None:
        self.keys = self.keys or _default_keys(self.users)

    def _serial(self, what: str) -> str:
        self._issued += 1
        return hex_id(self.seed, what, self._issued)

    def _long_value(self, what: str) -> str:
        serial = bytes.fromhex(self._serial(what))
        repeated = serial * (_TOKEN_BYTES // len(serial))
        return "MII" + base64.urlsafe_b64encode(repeated).decode()

    def issue_token(self, user: User, project_id: str | None, now: float, seconds: float) -> Token:
        token = Token(self._long_value("token"), user, project_id, now, now + seconds)
        self.tokens[token.value] = token
        return token

    def issue_temporary_key(self, user: User, now: float, seconds: float) -> AccessKey:
        key = AccessKey(
            access=f"SANDBOXTEMP{self._serial('access')[:9].upper()}",
            secret=self._serial("secret"),
            user=user,
            security_token=self._long_value("security token"),
            expires=now + seconds,
        )
        self.keys[key.access] = key
        return key

    def expire_issued(self, now: float) -> None:
        """End the life of every token and temporary key issued so far."""
        self.tokens = {
            value: replace(token, expires=min(token.expires, now))
            for value, token in self.tokens.items()
        }
        self.keys = {
            access: _ended(key, now) if key.expires is not None else key
            for access, key in self.keys.items()
        }


def _ended(key: AccessKey, now: float) -> AccessKey:
    return replace(key, expires=min(key.expires or now, now))
