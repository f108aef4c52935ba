"""The identity service: tokens, temporary keys, project ids by name."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sandbox.cloud.accounts import DOMAIN_ID, DOMAIN_NAME, Token, User
from sandbox.cloud.call import Call
from sandbox.cloud.cloud import Project
from sandbox.cloud.failures import IdentityRefused, Refused
from sandbox.cloud.gate import identify

_DOMAIN = {"id": DOMAIN_ID, "name": DOMAIN_NAME}


class Named(BaseModel):
    name: str | None = None
    id: str | None = None


class Person(BaseModel):
    name: str
    password: str = Field(repr=False)
    domain: Named


class Password(BaseModel):
    user: Person


class Scope(BaseModel):
    project: Named | None = None
    domain: Named | None = None


class Identity(BaseModel):
    methods: list[str]
    password: Password


class TokenWish(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    identity: Identity
    scope: Scope | None = None


def create_token(call: Call) -> dict[str, Any]:
    """Answer 201; the token itself is in the header X-Subject-Token."""
    wish = _wish(call)
    user = _checked(call, wish.identity.password.user)
    project = _project(call, wish.scope)
    project_id = project.fleet.project_id if project is not None else None
    seconds = call.switches.token_seconds
    token = call.cloud.accounts.issue_token(user, project_id, call.now, seconds)
    call.status = 201
    call.headers["X-Subject-Token"] = token.value
    call.user = user
    return {"token": _token_body(call, token, project)}


def _wish(call: Call) -> TokenWish:
    try:
        body = call.json()
        wish = TokenWish.model_validate(body["auth"] if isinstance(body, dict) else body)
    except (ValidationError, KeyError, Refused):
        raise IdentityRefused(HTTPStatus.BAD_REQUEST, "Request body is invalid") from None
    if wish.identity.methods != ["password"]:
        raise IdentityRefused(HTTPStatus.BAD_REQUEST, "The method is not supported")
    return wish


def _checked(call: Call, person: Person) -> User:
    accounts = call.cloud.accounts
    if accounts.password_lockout.is_locked(person.name, call.now):
        raise IdentityRefused(HTTPStatus.UNAUTHORIZED, "The account is locked")
    user = accounts.users.get(person.name)
    known = user is not None and user.password == person.password
    if user is None or not known or person.domain.name != DOMAIN_NAME:
        switches = call.switches
        accounts.password_lockout.failed(
            person.name, call.now, switches.lockout_failures, switches.lockout_seconds
        )
        raise IdentityRefused(HTTPStatus.UNAUTHORIZED, "The username or password is wrong")
    accounts.password_lockout.succeeded(person.name)
    return user


def _project(call: Call, scope: Scope | None) -> Project | None:
    """Return the project a token is for; None for a token of the account."""
    if scope is None or scope.project is None:
        return None
    wanted = scope.project
    for project_id, project in call.cloud.projects.items():
        if wanted.id == project_id or (wanted.id is None and wanted.name == project.name):
            return project
    raise IdentityRefused(HTTPStatus.NOT_FOUND, "Could not find project")


def _micros(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def _token_body(call: Call, token: Token, project: Project | None) -> dict[str, Any]:
    user = {"id": token.user.user_id, "name": token.user.name, "domain": _DOMAIN}
    body: dict[str, Any] = {
        "methods": ["password"],
        "issued_at": _micros(token.issued),
        "expires_at": _micros(token.expires),
        "user": user | {"password_expires_at": ""},
        "roles": [{"id": "0", "name": "te_admin" if token.user.may_write else "cph_user"}],
    }
    if project is not None:
        body["project"] = {
            "id": project.fleet.project_id,
            "name": project.name,
            "domain": _DOMAIN,
        }
    else:
        body["domain"] = _DOMAIN
    if not call.query.get("nocatalog"):
        body["catalog"] = [{"type": "cph", "name": "cph", "endpoints": []}]
    return body


def create_temporary_key(call: Call) -> dict[str, Any]:
    """Answer 201 with a key, its secret and its security token, good for 15 min to 24 h."""
    _identify(call)
    seconds = _duration(call)
    if call.user is None or call.access is not None:
        raise IdentityRefused(HTTPStatus.UNAUTHORIZED, "A token is needed")
    key = call.cloud.accounts.issue_temporary_key(call.user, call.now, seconds)
    call.status = 201
    return {
        "credential": {
            "access": key.access,
            "secret": key.secret,
            "securitytoken": key.security_token,
            "expires_at": _micros(key.expires or 0),
        }
    }


def _duration(call: Call) -> float:
    try:
        seconds = call.json()["auth"]["identity"].get("token", {}).get("duration_seconds", 900)
    except (KeyError, TypeError, AttributeError, Refused):
        raise IdentityRefused(HTTPStatus.BAD_REQUEST, "Request body is invalid") from None
    if not isinstance(seconds, int) or not 900 <= seconds <= 86_400:
        raise IdentityRefused(HTTPStatus.BAD_REQUEST, "duration_seconds is invalid")
    return float(seconds)


def _identify(call: Call) -> None:
    """Identify the caller as the gateway does, but refuse in the identity service's words."""
    try:
        identify(call)
    except Refused as refusal:
        text = refusal.message or "Unauthorized"
        raise IdentityRefused(HTTPStatus.UNAUTHORIZED, text) from None


def list_projects(call: Call) -> dict[str, Any]:
    _identify(call)
    name = call.query.get("name")
    projects = [
        _project_row(project_id, project.name)
        for project_id, project in call.cloud.projects.items()
        if name in (None, project.name)
    ]
    return {"links": {"self": "/v3/projects", "previous": None, "next": None}, "projects": projects}


def _project_row(project_id: str, name: str) -> dict[str, Any]:
    return {
        "id": project_id,
        "name": name,
        "domain_id": DOMAIN_ID,
        "parent_id": DOMAIN_ID,
        "is_domain": False,
        "enabled": True,
        "description": "",
        "links": {"self": f"/v3/projects/{project_id}"},
    }
