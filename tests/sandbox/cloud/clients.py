"""Ways to call the cloud that are not ours: the official SDK, and plain httpx with a token."""

import time
from typing import Any

import httpx
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcph.v1 import CphClient

from sandbox.cloud.accounts import (
    ACCESS_KEY,
    DOMAIN_NAME,
    SECRET_KEY,
    USER_NAME,
    USER_PASSWORD,
)
from sandbox.cloud.cloud import REGION
from sandbox.cloud.fleet import PROJECT_ID


class HandClock:
    """A clock that starts at the true time and moves on only when told."""

    def __init__(self) -> None:
        self.at = time.time()

    def __call__(self) -> float:
        return self.at

    def passes(self, seconds: float) -> None:
        self.at += seconds


def sdk_client(
    url: str,
    access: str = ACCESS_KEY,
    secret: str = SECRET_KEY,
    project_id: str = PROJECT_ID,
    security_token: str | None = None,
) -> CphClient:
    credentials = BasicCredentials(access, secret, project_id)
    if security_token is not None:
        credentials = credentials.with_security_token(security_token)
    return CphClient.new_builder().with_credentials(credentials).with_endpoint(url).build()


def token_wish(
    name: str = USER_NAME,
    password: str = USER_PASSWORD,
    scope: dict[str, Any] | None = None,
) -> dict[str, Any]:
    user = {"name": name, "password": password, "domain": {"name": DOMAIN_NAME}}
    wish: dict[str, Any] = {"identity": {"methods": ["password"], "password": {"user": user}}}
    wish["scope"] = {"project": {"name": REGION}} if scope is None else scope
    return {"auth": wish}


class TokenClient:
    """Calls with X-Auth-Token; each method returns the bare response."""

    def __init__(self, url: str) -> None:
        self.http = httpx.AsyncClient(base_url=url, trust_env=False, timeout=10)
        self.project_id = PROJECT_ID

    async def log_in(self, wish: dict[str, Any] | None = None) -> httpx.Response:
        answer = await self.http.post("/v3/auth/tokens", json=wish or token_wish())
        if answer.status_code == 201:
            self.http.headers["X-Auth-Token"] = answer.headers["X-Subject-Token"]
        return answer

    def _path(self, path: str) -> str:
        return f"/v1/{self.project_id}/cloud-phone{path}"

    async def get(self, path: str, **query: str | int) -> httpx.Response:
        return await self.http.get(self._path(path), params=query)

    async def divert(self, phone_ids: list[str], route: str = "routing") -> httpx.Response:
        return await self.post_traffic({"traffic_type": route, "phone_ids": phone_ids})

    async def post_traffic(self, body: object) -> httpx.Response:
        return await self.http.post(self._path("/phones-traffic"), json=body)

    async def jobs(self, request_id: str, **query: str | int) -> list[dict[str, Any]]:
        answer = await self.get("/jobs", request_id=request_id, **query)
        rows: list[dict[str, Any]] = answer.json()["jobs"]
        return rows

    async def shown_route(self, phone_id: str) -> str:
        route: str = (await self.get(f"/phones/{phone_id}")).json()["traffic_type"]
        return route

    async def instances(self, **body: object) -> httpx.Response:
        path = f"/v1/{self.project_id}/cph-server/resource_instances/action"
        return await self.http.post(path, json=body)

    async def tags(self, **query: int | str) -> httpx.Response:
        return await self.http.get(f"/v1/{self.project_id}/cph-server/tags", params=query)


def codes(answer: httpx.Response) -> dict[str, str | None]:
    """Return each phone's refusal code, None for those with a job."""
    return {entry["phone_id"]: entry.get("error_code") for entry in answer.json()["jobs"]}
