"""Running the bot in containers: what both ways say agrees with the bot and with its image."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.app import PATIENCE
from bot.config import Config, Environment, load
from bot.ending import REST, WRITING
from bot.health import health_routes, serve
from bot.slack.socket_mode import CLOSING, DRAIN, FIRST, Pace
from tests.foundations import deployed
from tests.foundations.deployed import Deployed, compose, container, manifests, pod, secret
from tests.foundations.test_container import last, stages
from tests.foundations.tree import ROOT, project, section

WAYS = {"compose": deployed.by_compose, "kubernetes": deployed.by_kubernetes}
MOST_CONNECTIONS = 10  # that Slack gives one app in Socket Mode
RIGHTS = {
    "privileged", "cap_add", "add", "devices", "network_mode", "pid", "ipc", "userns_mode",
    "hostNetwork", "hostPID", "hostIPC", "hostPath", "hostPort",
}  # fmt: skip
OF_THE_SYSTEM = {"PATH", "HOME", "PYTHONUNBUFFERED"}


class Asked(Mapping[str, str]):
    """An environment that keeps which variables were looked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Deployed:
    return WAYS[request.param]()


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """Where the bot's health routes are really served."""

    async def works() -> bool:
        return True

    runner = await serve(health_routes({"database": works}), "127.0.0.1", 0)
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


def read_by_the_bot(way: Deployed, folder: Path) -> tuple[Config, set[str]]:
    """What the bot makes of the files and variables, and all variables it looked for."""
    for path, text in way.files.items():
        file = folder / path.removeprefix("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    inside = {
        name: f"{folder}{value}" if value.startswith("/") and name != "PATH" else value
        for name, value in way.environment.items()
    }
    asked = Asked(inside)
    return load(Environment(asked)), asked.names


def uid() -> int:
    created = next(s.rest for s in stages()[-1] if s.word == "RUN" and "useradd" in s.rest)
    found = re.search(rf"--uid (\d+).* {last('USER')}\b", created)
    assert found
    return int(found[1])


def test_the_bot_starts_from_what_it_is_given(way: Deployed, tmp_path: Path) -> None:
    config, _ = read_by_the_bot(way, tmp_path)
    assert (config.host, str(config.port)) == ("0.0.0.0", last("EXPOSE"))  # noqa: S104 - in a container
    assert config.database_url.startswith("postgresql://")
    assert config.slack.app_token
    assert config.file.rules


def test_every_variable_is_one_the_bot_reads(way: Deployed, tmp_path: Path) -> None:
    _, names = read_by_the_bot(way, tmp_path)
    assert set(way.environment) - OF_THE_SYSTEM <= names


def test_a_file_for_what_is_no_secret_is_not_read(way: Deployed, tmp_path: Path) -> None:
    _, names = read_by_the_bot(way, tmp_path)
    assert not {"CPH_BOT_LISTEN_FILE", "CPH_BOT_CONFIG_FILE", "SLACK_API_URL_FILE"} & names


def test_no_secret_stands_in_a_variable(way: Deployed) -> None:
    plain = {name for name in way.environment if not name.endswith("_FILE")}
    assert plain == OF_THE_SYSTEM | {"CPH_BOT_LISTEN", "CPH_BOT_CONFIG"}


def test_it_runs_the_image_of_this_version_twice(way: Deployed) -> None:
    assert way.image == f"cph-bot:{project()['project']['version']}"
    assert (ROOT / compose()["services"]["bot"]["build"] / "Dockerfile").is_file()
    assert way.replicas == 2


def test_slack_has_connections_for_all_that_run_at_once(way: Deployed) -> None:
    assert way.at_once * Pace().connections <= MOST_CONNECTIONS


def test_it_is_not_killed_before_it_has_stopped_by_itself(way: Deployed) -> None:
    assert way.stopping > DRAIN + CLOSING + REST + WRITING


def test_it_is_not_given_up_while_it_waits_for_slack(way: Deployed) -> None:
    assert way.starting > PATIENCE + FIRST


def test_it_may_have_more_memory_than_was_measured(way: Deployed) -> None:
    measured = re.search(r"held (\d+) MB at most", section("Measured"))
    assert measured
    assert way.memory > 1.5 * int(measured[1])


@pytest.mark.parametrize("said", [compose(), *manifests().values()])
def test_nothing_takes_rights_it_does_not_need(said: dict[str, Any]) -> None:
    assert not RIGHTS & set(deployed.keys(said))


async def test_the_health_check_tells_a_bot_that_answers_from_one_that_does_not(
    address: str,
) -> None:
    word, _, *command = compose()["services"]["bot"]["healthcheck"]["test"]
    assert word == "CMD"
    assert command[-1] in last("HEALTHCHECK")
    for told, code in ((address, 0), ("http://127.0.0.1:1", 1)):
        script = command[-1].replace(f"http://127.0.0.1:{last('EXPOSE')}", told)
        assert told in script
        assert await exit_code(command[0], script) == code


async def exit_code(*arguments: str) -> int:
    """Of Python with these arguments."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stderr=asyncio.subprocess.DEVNULL
    )
    return await process.wait()


@pytest.mark.parametrize(
    ("probe", "path"),
    [
        ("startupProbe", "/healthz"),
        ("livenessProbe", "/healthz"),
        ("readinessProbe", "/readyz"),
    ],
)
async def test_a_probe_asks_a_route_that_answers(probe: str, path: str, address: str) -> None:
    (port,) = container()["ports"]
    assert port["containerPort"] == int(last("EXPOSE"))
    assert container()[probe]["httpGet"] == {"path": path, "port": port["name"]}
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{address}{path}")).status_code == 200


def test_the_pod_runs_as_the_images_user_and_on_a_disk_it_cannot_write() -> None:
    user, own = pod()["securityContext"], container()["securityContext"]
    assert user["runAsNonRoot"]
    assert user["runAsUser"] == uid() > 0
    assert user["runAsGroup"] > 0
    assert user["seccompProfile"] == {"type": "RuntimeDefault"}
    assert own == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_the_secrets_can_be_read_by_the_pods_group_and_by_no_other_user() -> None:
    (mode,) = [v["secret"]["defaultMode"] for v in pod()["volumes"] if "secret" in v]
    assert mode == 0o440
    assert pod()["securityContext"]["fsGroup"] == pod()["securityContext"]["runAsGroup"]


def test_every_volume_is_mounted_and_only_that_of_the_image_can_be_written() -> None:
    mounts = container()["volumeMounts"]
    assert {one["name"] for one in mounts} == {one["name"] for one in pod()["volumes"]}
    written = [one["mountPath"] for one in mounts if not one.get("readOnly")]
    assert written == [last("VOLUME")]


def test_everything_that_selects_pods_selects_these() -> None:
    told = manifests()
    labels = told["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert told["Deployment"]["spec"]["selector"]["matchLabels"] == labels
    assert told["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels
    assert told["Service"]["spec"]["selector"] == labels
    (spread,) = pod()["topologySpreadConstraints"]
    assert spread["labelSelector"]["matchLabels"] == labels


def test_the_service_leads_to_the_bots_port_and_not_out_of_the_cluster() -> None:
    (port,) = manifests()["Service"]["spec"]["ports"]
    assert port["targetPort"] in {one["name"] for one in container()["ports"]}
    assert manifests()["Service"]["spec"]["type"] == "ClusterIP"


def test_one_bot_always_stays() -> None:
    spec = manifests()["Deployment"]["spec"]
    assert spec["replicas"] - spec["strategy"]["rollingUpdate"]["maxUnavailable"] >= 1
    assert 1 <= manifests()["PodDisruptionBudget"]["spec"]["minAvailable"] < spec["replicas"]


def test_the_example_of_a_secret_is_made_up_and_not_applied_with_the_rest() -> None:
    assert all("made-up" in value.lower() for value in secret()["stringData"].values())
    assert set(manifests()) == {"ConfigMap", "Deployment", "Service", "PodDisruptionBudget"}


def test_both_ways_name_their_secrets_alike() -> None:
    assert set(secret()["stringData"]) == set(compose()["services"]["bot"]["secrets"])
