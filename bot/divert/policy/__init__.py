"""Who may ask for what, and who must agree. No rule that allows means refused."""

from bot.divert.policy.approving import Needed, reachable
from bot.divert.policy.asking import (
    Allowed,
    Decision,
    Explained,
    Judged,
    explain,
    may_ask,
    may_break_glass,
    may_look,
    who_could,
)
from bot.divert.policy.hours import Hours, Span
from bot.divert.policy.person import Person, unfit
from bot.divert.policy.policy import Approving, Freeze, Policy, Protected
from bot.divert.policy.rule import Effect, Refused, Rule, Stage, Why
from bot.divert.policy.wish import Extent, Kind, Place, Wish

__all__ = [
    "Allowed",
    "Approving",
    "Decision",
    "Effect",
    "Explained",
    "Extent",
    "Freeze",
    "Hours",
    "Judged",
    "Kind",
    "Needed",
    "Person",
    "Place",
    "Policy",
    "Protected",
    "Refused",
    "Rule",
    "Span",
    "Stage",
    "Why",
    "Wish",
    "explain",
    "may_ask",
    "may_break_glass",
    "may_look",
    "reachable",
    "unfit",
    "who_could",
]
