"""One row of the table: who asks for what, what happens then, and all that has come of it.

In its texts `@bob` is a mention of U0BOB, `@S0OPS` one of a group, `D` the request's id, `TIME` a
moment, `#here` the channel, and `{0}` the first of its servers by name.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.situations.scene import Scene

Step = Callable[[Scene], Awaitable[None]]
Texts = tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A server that is there for this row alone, under a name that begins so, and with tags."""

    name: str
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ask:
    """So many phones of each place, by ids, by a file of ids, or by terms."""

    project: str
    who: str = "alice"
    phones: int = 2
    route: str = "routing"
    places: tuple[Place, ...] = ()
    terms: str = ""
    by_file: bool = False
    room: str = ""


@dataclass(frozen=True)
class Situation:
    """What is expected, to the word: all that anybody hears beside what is always said.

    `needs` is what the card says is needed at first, and of whom; both empty where none goes up.
    `hears` is said to people where they are, `told` in direct messages, `desk` to the operators.
    Of the two in `either` anyone may be first, and all that is said goes by who was.
    """

    sentence: str
    ask: Ask
    then: Sequence[Step] = ()
    before: Sequence[Step] = ()
    when_there: Sequence[Step] = ()  # its servers and phones, and it is not yet asked for
    rule: str = ""
    needs: str = ""
    may: str = ""
    state: str = "done"
    sent: int = 0
    hears: Mapping[str, Texts] = field(default_factory=dict)
    told: Mapping[str, Texts] = field(default_factory=dict)
    thread: Texts = ()
    desk: Texts = ()
    card: Texts = ()
    either: tuple[str, str] | None = None

    def heard(self, *, mirrored: bool = False) -> dict[str, object]:
        """All that is expected to be heard, by whom; mirrored where the other one was first.

        Answers come in any order, and direct messages in that of what they tell of.
        """
        names = dict(zip(self.either or (), (self.either or ())[::-1], strict=True))

        def other(text: str) -> str:
            return re.sub(r"\w+", lambda word: names.get(word[0], word[0]), text)

        swapped = other if mirrored else str
        wanted = {f"{swapped(one)} hears": sorted(texts) for one, texts in self.hears.items()}
        wanted |= {f"{swapped(one)} is told": list(texts) for one, texts in self.told.items()}
        wanted |= {"thread": list(self.thread), "desk": list(self.desk)}
        return {what: list(map(swapped, texts)) for what, texts in wanted.items() if texts}

    def __str__(self) -> str:
        return self.sentence.replace(" ", "_")


def refused(sentence: str, ask: Ask, why: str, closest: str = "") -> Situation:
    """It is refused when it is asked for, and who asks hears why, and which rule comes closest."""
    told = f"{why} The rule that comes closest is `{closest}`." if closest else why
    return Situation(sentence, ask, state="refused", hears={ask.who: (told,)})
