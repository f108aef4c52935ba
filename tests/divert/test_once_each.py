"""In one round everybody is looked up anew, and but once."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.divert.once_each import OnceEach
from bot.divert.policy import Person

GROUPS = frozenset({"S0OPS"})


@dataclass
class Slow:
    """A directory whose every look-up is counted."""

    asked: list[tuple[str, bool]] = field(default_factory=list)

    async def person(self, user: str, groups: frozenset[str], *, fresh: bool) -> Person:
        self.asked.append((user, fresh))
        return Person(user, groups=groups)

    async def members(self, groups: frozenset[str]) -> Mapping[str, frozenset[str]]:
        return dict.fromkeys(groups, frozenset({"U0BOB"}))

    def locale(self, user: str) -> str:
        return f"locale of {user}"


async def test_a_person_is_looked_up_once_for_each_set_of_groups() -> None:
    slow = Slow()
    once = OnceEach(slow)
    for _ in range(3):
        found = await once.person("U0BOB", GROUPS, fresh=True)
        assert found == Person("U0BOB", groups=GROUPS)
    await once.person("U0BOB", frozenset(), fresh=True)
    assert slow.asked == [("U0BOB", True)] * 2


async def test_the_rest_is_asked_of_the_directory_itself() -> None:
    once = OnceEach(Slow())
    assert await once.members(GROUPS) == {"S0OPS": {"U0BOB"}}
    assert once.locale("U0BOB") == "locale of U0BOB"
