"""Judging a view: a form or a Home tab."""

import json
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from sandbox.slack.blocks import block_problems
from sandbox.slack.kit.composition import Plain24, Strict
from sandbox.slack.problems import nulls, problems_of
from sandbox.slack.refusal import Refused, refused_arguments
from sandbox.slack.shapes import Json

VIEW_BYTES = 250 * 1024
Name = Annotated[str, Field(max_length=255)]


class Home(Strict):
    type: Literal["home"]
    blocks: list[object]
    private_metadata: str = Field("", max_length=3000)
    callback_id: Name = ""
    external_id: Name = ""


class Modal(Home):
    type: Literal["modal"]  # type: ignore[assignment]  # a form has all that a Home tab has
    title: Plain24
    submit: Plain24 | None = None
    close: Plain24 | None = None
    clear_on_close: bool = False
    notify_on_close: bool = False
    submit_disabled: bool = False


MODELS: dict[str, type[Home]] = {"modal": Modal, "home": Home}


def check_view(view: object, wanted: Literal["modal", "home"] | None) -> Json:
    """The view itself, if Slack would show it; `wanted` is the kind the method shows.

    Raises:
        Refused: `view_too_large`, or `invalid_arguments` with what is wrong and where.
    """
    if not isinstance(view, dict):
        raise refused_arguments(["missing required field: view"])
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        raise Refused("view_too_large")
    if problems := view_problems(view, wanted):
        raise refused_arguments(problems)
    return view


def view_problems(view: Json, wanted: Literal["modal", "home"] | None) -> list[str]:
    kind = view.get("type")
    if kind not in MODELS or wanted not in (None, kind):
        return [f"unsupported type: {kind} [json-pointer:/view/type]"]
    try:
        MODELS[kind].model_validate(view)
    except ValidationError as error:
        return problems_of(error, view, "/view")
    surface: Literal["modal", "home"] = "modal" if kind == "modal" else "home"
    problems = nulls({k: v for k, v in view.items() if k != "blocks"}, "/view")
    return problems + block_problems(view["blocks"], surface, "/view/blocks") + _no_submit(view)


def _no_submit(view: Json) -> list[str]:
    blocks = [b for b in view["blocks"] if isinstance(b, dict)]
    asks = any(b.get("type") == "input" for b in blocks)
    if view["type"] == "modal" and asks and "submit" not in view:
        return ["submit is required when there are input blocks [json-pointer:/view/submit]"]
    return []
