"""Cards and posts as blocks that Slack takes."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from bot.divert.sentence import Button, Card, Code, InThread, Post, Sentence
from bot.slack.blocks import Block as Json
from bot.slack.cards import BLOCK_LIMIT, MESSAGE_LIMIT, card_blocks, post_blocks
from bot.slack.mrkdwn import TEXT_LIMIT, units
from bot.slack.values import read_command_value, read_value
from sandbox.slack.blocks import block_problems, text_length

APPROVE = Button(
    "approve", "Approve", "D-7K3M", "0a1b2c3d", "primary", Sentence("{n} phones.", {"n": "5"})
)


class Long(str):
    """A text repeated, whose repr stays short in a report."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Long({self[:20]!r} …{len(self)})"


sentences = st.builds(
    lambda text, times: Sentence("{it}", {"it": Long(text * times)}),
    st.text(max_size=20),
    st.sampled_from([1, 1, 10, 300]),
)
deciding = st.builds(
    Button,
    st.sampled_from(["approve", "deny", "open"]),
    st.text(),
    st.just("D-7K3M"),
    st.just("0a1b"),
    st.sampled_from(["", "primary", "danger"]),
    st.none() | sentences,
)
choosing = st.builds(
    lambda column, times: Button("choose_column", column, "D-7K3M", column=column * times),
    st.text(),
    st.sampled_from([1, 300]),
)
running = st.builds(
    lambda text, times: Button("run", "Run it", command=text * times),
    st.text(),
    st.sampled_from([1, 300]),
)
buttons = deciding | choosing | running


def card(version: int = 1, **parts: object) -> Card:
    return Card("D-7K3M", version, Sentence("*D-7K3M*: 5 phones"), **parts)  # type: ignore[arg-type]


def checked(blocks: list[Json], text: str) -> None:
    assert block_problems(blocks, "message") == []
    for block in Block.parse_all(blocks):
        block.to_dict()  # the SDK's own validators
    assert len(blocks) <= BLOCK_LIMIT
    assert 0 < units(text) <= TEXT_LIMIT
    assert text_length(blocks) + units(text) <= MESSAGE_LIMIT


@settings(deadline=None)
@given(
    st.lists(sentences, max_size=30), st.lists(buttons, max_size=8), st.lists(sentences, max_size=5)
)
def test_slack_takes_every_card(
    lines: list[Sentence], shown: list[Button], footer: list[Sentence]
) -> None:
    made = card(lines=tuple(lines), buttons=tuple(shown), footer=tuple(footer))
    checked(*card_blocks(made))


@settings(deadline=None)
@given(st.lists(sentences, min_size=1, max_size=30), st.lists(buttons, max_size=8))
def test_slack_takes_every_post(said: list[Sentence], shown: list[Button]) -> None:
    first = Sentence("Something is said.")
    checked(*post_blocks(Post(InThread("D-7K3M"), (first, *said), tuple(shown))))


def test_a_card_with_far_too_much_to_say_is_cut_to_what_slack_takes() -> None:
    long = tuple(Sentence("{it}", {"it": Code("x" * 900)}) for _ in range(30))
    blocks, text = card_blocks(card(lines=long, buttons=(APPROVE,) * 3, footer=long))
    checked(blocks, text)
    assert text_length(blocks) + units(text) > MESSAGE_LIMIT * 0.7
    assert blocks[-1]["type"] == "context"


def test_a_card_has_title_lines_buttons_and_footer_in_this_order() -> None:
    lines = (Sentence("one"), Sentence("two"))
    blocks, text = card_blocks(card(lines=lines, buttons=(APPROVE,), footer=(Sentence("plan"),)))
    assert [block["type"] for block in blocks] == ["header", "section", "actions", "context"]
    assert blocks[0]["text"]["text"] == "D-7K3M: 5 phones"
    assert blocks[1]["text"]["text"] == "one\ntwo"
    assert text == "*D-7K3M*: 5 phones\none\ntwo"


def test_no_block_id_of_one_version_is_another_versions() -> None:
    lines = (Sentence("one"),)
    versions = [card_blocks(card(number, lines=lines))[0] for number in (1, 2, 3)]
    names = [{block["block_id"] for block in blocks} for blocks in versions]
    assert all(len(each) == 2 for each in names)
    assert not any(one & other for one, other in pairwise(names))


def test_a_button_carries_the_request_and_the_plan_and_asks_before_it_acts() -> None:
    blocks, _ = card_blocks(card(lines=(), buttons=(APPROVE,)))
    button = blocks[1]["elements"][0]
    assert button["action_id"] == "approve"
    assert button["style"] == "primary"
    assert read_value(button["value"]) == ("D-7K3M", "0a1b2c3d")
    assert button["confirm"]["text"]["text"] == "5 phones."


def test_the_same_action_twice_goes_into_two_rows() -> None:
    post = Post(InThread("D-7K3M"), (Sentence("Which?"),), (APPROVE, APPROVE))
    blocks, _ = post_blocks(post)
    assert [block["type"] for block in blocks] == ["section", "actions", "actions"]


def test_a_button_of_no_request_has_no_value() -> None:
    post = Post(InThread(""), (Sentence("Again?"),), (Button("open_form", "Open the form"),))
    assert "value" not in post_blocks(post)[0][1]["elements"][0]


def offer(*buttons: Button) -> list[Json]:
    blocks, text = post_blocks(Post(InThread(""), (Sentence("Which?"),), buttons))
    checked(blocks, text)
    return blocks[1:]


def test_columns_to_choose_from_share_a_row_and_are_told_apart() -> None:
    names = ("device", "phone <id>", "手机", "x" * 90)
    columns = [Button("choose_column", name, "D-7K3M", column=name) for name in names]
    (row,) = offer(*columns)
    assert [one["action_id"] for one in row["elements"]] == [
        "choose_column:1", "choose_column:2", "choose_column:3", "choose_column:4",
    ]  # fmt: skip


@pytest.mark.parametrize(("length", "offered"), [(1_995, True), (1_996, False)])
def test_a_command_too_long_for_a_button_gets_none(length: int, offered: bool) -> None:
    rows = offer(Button("run", "Run it", command="x" * length))
    assert [read_command_value(row["elements"][0]["value"]) for row in rows] == (
        ["x" * length] if offered else []
    )
