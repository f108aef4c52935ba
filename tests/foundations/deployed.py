"""Both ways to run the bot in containers, read into the same words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

import yaml

from bot.policy_file import read_duration
from tests.foundations.test_container import last
from tests.foundations.tree import ROOT, section

MANIFESTS: Final = ROOT / "deploy" / "kubernetes"
TITLE: Final = "Run it in containers"


@dataclass(frozen=True, slots=True)
class Deployed:
    """The bot as one of the two ways would start it."""

    image: str
    environment: Mapping[str, str]  # what the image sets included
    files: Mapping[str, str]  # what is mounted: text by path
    replicas: int
    at_once: int  # replicas while one version follows another
    memory: float  # MiB it may have
    starting: float  # seconds until it must answer
    stopping: float  # seconds from being told to stop until it is killed


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return found


def manifests() -> dict[str, dict[str, Any]]:
    """What `kubectl apply -f` takes from the folder, by kind."""
    paths = [path for path in MANIFESTS.iterdir() if path.suffix in {".yaml", ".yml", ".json"}]
    documents = [one for path in paths for one in yaml.safe_load_all(path.read_text())]
    found = {document["kind"]: document for document in documents}
    assert len(found) == len(documents), "two of a kind"
    return found


def secret() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((MANIFESTS / "secret.yaml.example").read_text())
    return found


def pod() -> dict[str, Any]:
    found: dict[str, Any] = manifests()["Deployment"]["spec"]["template"]["spec"]
    return found


def container() -> dict[str, Any]:
    (found,) = pod()["containers"]
    return dict(found)


def of_image() -> dict[str, str]:
    return dict(one.split("=", 1) for one in last("ENV").split())


def readme_url() -> str:
    """The database's URL as the README has it written, with a password in it."""
    found = re.search(r"postgresql://\S+(?=\")", section(TITLE).replace("$(cat ", "$(cat_"))
    assert found
    return re.sub(r"\$\(.*?\)", "made-up", found[0])


def by_compose() -> Deployed:
    bot = compose()["services"]["bot"]
    secrets = {f"/run/secrets/{name}": f"made-up-{name}\n" for name in bot["secrets"]}
    (mount,) = bot["volumes"]
    toml = re.findall(r"```toml\n(.*?)```", section("Configuration"), re.DOTALL)[0]
    return Deployed(
        image=bot["image"],
        environment=of_image() | bot["environment"],
        files=secrets | {mount["target"]: toml, "/run/secrets/database_url": f"{readme_url()}\n"},
        replicas=bot["deploy"]["replicas"],
        at_once=bot["deploy"]["replicas"],
        memory=mebibytes(bot["deploy"]["resources"]["limits"]["memory"]),
        starting=seconds(bot["healthcheck"]["start_period"]),
        stopping=seconds(bot["stop_grace_period"]),
    )


def by_kubernetes() -> Deployed:
    spec, bot = manifests()["Deployment"]["spec"], container()
    probe = bot["startupProbe"]
    word, pause = bot["lifecycle"]["preStop"]["exec"]["command"]
    assert word == "sleep"
    return Deployed(
        image=bot["image"],
        environment=of_image() | {one["name"]: one["value"] for one in bot["env"]},
        files=dict(_mounted()),
        replicas=spec["replicas"],
        at_once=spec["replicas"] + spec["strategy"]["rollingUpdate"]["maxSurge"],
        memory=mebibytes(bot["resources"]["limits"]["memory"]),
        starting=probe["periodSeconds"] * probe["failureThreshold"],
        stopping=pod()["terminationGracePeriodSeconds"] - float(pause),
    )


def _mounted() -> Iterator[tuple[str, str]]:
    """The files of the config map and the secret that the pod names, where it mounts them."""
    config_map, given = manifests()["ConfigMap"], secret()
    contents = {
        ("configMap", config_map["metadata"]["name"]): config_map["data"],
        ("secret", given["metadata"]["name"]): given["stringData"],
    }
    folders = {mount["name"]: mount["mountPath"] for mount in container()["volumeMounts"]}
    for volume in pod()["volumes"]:
        for kind, label in (("configMap", "name"), ("secret", "secretName")):
            if kind in volume:
                for name, text in contents[kind, volume[kind][label]].items():
                    yield str(PurePosixPath(folders[volume["name"]]) / name), text


def seconds(text: str) -> float:
    return read_duration(text).total_seconds()


def mebibytes(text: str) -> float:
    """Read `512M` as Compose means it, or `512Mi` as Kubernetes does: both are 2 to the 20th."""
    found = re.fullmatch(r"(\d+)Mi?", text)
    assert found, text
    return float(found[1])


def keys(node: object) -> Iterator[str]:
    """Every key at any depth."""
    if isinstance(node, dict):
        yield from node
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for one in inner:
        yield from keys(one)
