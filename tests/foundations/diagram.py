"""The README's diagram of a request's states: `python -m tests.foundations.diagram` draws it
anew from the table of moves.
"""

import re

from bot.divert.request import CLOSED, MOVES, State
from tests.foundations.tree import README

DRAWN = re.compile(r"```mermaid\n.*?```\n", re.DOTALL)


def diagram() -> str:
    """Every row of the table as an arrow, in Mermaid, as GitHub shows it."""
    first = State.PLANNING
    return "\n".join(
        [
            "```mermaid",
            "stateDiagram-v2",
            f"    [*] --> {first}: ask",
            *(f"    {before} --> {then}: {event}" for (before, event), then in MOVES.items()),
            *(f"    {state} --> [*]" for state in State if state in CLOSED),
            "```\n",
        ]
    )


if __name__ == "__main__":
    text = README.read_text(encoding="utf-8")
    README.write_text(DRAWN.sub(lambda _: diagram(), text, count=1), encoding="utf-8")
