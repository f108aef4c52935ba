"""Whatever others write, what people read is text: no mention, link, mark, or hidden character."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from tests.walk.stage import Home, Json, Stage, request_id

MENTIONED = re.compile(
    r"<(?:@(?P<user>[UW]\w+)|#C\w+|!subteam\^S0\w+|!date\^\d+\^[^<>|]+\|[\w :-]+)>", re.ASCII
)
PEOPLE = {"U0ALICE", "U0BOB", "U0CAROL", "U0DAVE"}
ENTITY = re.compile(r"&(?:amp|lt|gt);")
CODE = re.compile(r"`[^`\n]*`")
FORMULA = re.compile(r"""(?:^|[;\n\t])[\s"\0\u200b\u202e\ufeff]*[=+\-@＝＋－＠]""")
POISON = (
    "<!channel> <@U0EVIL|x> <http://evil.example|ok> *b* _i_ `c` &lt;\u202egnp.\u200b\u0007;=1+1 x"
)
SHORT = "<!here> <@U0EVIL> *b* `c` \u202enp.\u200b;=1"


@pytest.fixture
async def home(stage: Stage) -> Home:
    """A server whose name, tag and phones are called by whoever means harm."""
    home = await stage.server()
    phones = home.phones[:25]
    await stage.cloud.edit_phones(phones, name=f"=cmd|'/C calc'!A0 {SHORT}")
    name = f"{SHORT} {home.name}"
    await stage.cloud.edit_servers([home.name], name=name, tags={"env": POISON, POISON: "x"})
    await stage.bot.world.names.servers("demo", fresh=True)
    return Home(name, home.id, phones)


async def test_names_reasons_and_words_of_others_are_text_wherever_they_are_read(
    stage: Stage, home: Home
) -> None:
    since = await seq(stage)
    words = ["<!here>", "\u202eabc", "=2+3", "@SUM(1)"]
    content = "\n".join(["phone_id", *home.phones, *words]).encode()
    await stage.cloud.edit_phones(home.phones[:1], refuse_code="<!channel>")
    await stage.says("/cph divert")
    file = await stage.alice.upload("<!channel>\u202e=phones.csv", content)
    await stage.alice.submit(
        {
            "route": {"value": "routing"},
            "file": {"value": {"files": [file]}},
            "reason": {"value": f"{POISON} :white_check_mark:"},
        }
    )
    heard = await stage.hears("I am reading")
    card = await stage.card(request_id(heard), "waiting for approval")
    await stage.bob.click("deny", message=card)
    await stage.bob.close(clear=True)
    await stage.approve(card)
    await stage.ends(card)
    await stage.says(f"/cph status {request_id(heard)}")
    assert "&lt;!here&gt; &lt;@U0EVIL&gt; ∗b∗ ˋcˋ np.;=1" in card["text"]
    assert "&lt;!channel&gt;" in card["text"]
    assert {row["name"][:6] for row in await stage.table(card, "plan")} == {"'=cmd|"}
    await is_all_text(stage, since)


@pytest.mark.parametrize(
    "command",
    [
        "/cph <!channel>",
        f"/cph divert {POISON}",
        f"/cph divert routing project:{POISON}",
        f'/cph divert routing server:"{POISON}"',
        f'/cph divert routing tag:"{POISON}"',
        f'/cph divert routing status:"{POISON}"',
        f"/cph divert routing {POISON}",
        f"/cph status {POISON}",
        f'/cph phones name:"{POISON}"',
    ],
)
async def test_what_a_person_types_is_told_back_as_text(stage: Stage, command: str) -> None:
    answer = await stage.alice.command(stage.channel, command)
    assert answer["acked"], answer
    assert list(texts(answer["response"], "mrkdwn"))
    is_text(answer["response"])


async def test_a_look_at_poisoned_names_is_text_and_its_file_runs_nothing(
    stage: Stage, home: Home
) -> None:
    since = await seq(stage)
    await stage.says(f"/cph phones {' '.join(home.phones)}")
    assert "By server: &lt;!here&gt;" in await stage.hears("*25* phones in project demo")
    await is_all_text(stage, since)


async def test_columns_called_by_others_are_asked_for_as_text(stage: Stage) -> None:
    since = await seq(stage)
    ids = await stage.phones(4)
    rows = ["<!channel> *one*,\u202e=two", f"{ids[0]},{ids[1]}", f"{ids[2]},{ids[3]}"]
    await stage.gives_file("phones.csv", "\n".join(rows).encode())
    await stage.hears("Which one does?")
    await is_all_text(stage, since)


async def seq(stage: Stage) -> int:
    return max([call["seq"] for call in await stage.slack.calls()], default=0)


async def is_all_text(stage: Stage, since: int) -> None:
    """All that the bot has said and shown since, every file of it, and what it answered here."""
    calls = [call for call in await stage.slack.calls(since=since) if call["ok"]]
    assert calls
    for call in calls:
        is_text(call["args"])
    for person in (stage.alice, stage.bob):
        is_text([one for one in await person.sees(stage.channel) if one.get("user") == "U0BOT"])
    for file_id in {one["id"] for call in calls for one in files_of(call)}:
        no_cell_runs(await stage.slack.file(file_id))


def files_of(call: Json) -> list[Json]:
    return list(call["args"].get("files", [])) if "completeUpload" in call["method"] else []


def no_cell_runs(content: bytes) -> None:
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        assert [cell for cell in row if FORMULA.search(cell)] == []


def is_text(said: object) -> None:
    for kind, text in texts(said, "mrkdwn"):
        hidden = [c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c != "\n"]
        assert hidden == [], (hidden, text)
        if kind == "mrkdwn":
            rest = ENTITY.sub("", MENTIONED.sub("", text))
            assert not set("<>&") & set(rest), text
            mentioned = {found["user"] for found in MENTIONED.finditer(text)} - {None}
            assert mentioned <= PEOPLE, text
            assert not {"*b*", "_i_"} & set(CODE.sub("", text).split()), text


def texts(said: Any, kind: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - whatever JSON holds
    """Every text in a message or view, and how Slack would read it."""
    if isinstance(said, list):
        for one in said:
            yield from texts(one, kind)
    elif isinstance(said, dict):
        own = str(said["type"]) if said.get("type") in ("mrkdwn", "plain_text") else kind
        for name, value in said.items():
            if name in ("text", "initial_comment") and isinstance(value, str):
                yield own, value
            elif name not in ("value", "private_metadata"):  # those nobody reads
                yield from texts(value, kind)
