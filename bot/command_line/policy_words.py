"""What a trial of the policy says, in words for the command line."""

from collections.abc import Iterator, Sequence
from datetime import UTC

from bot.command_line.policy_trial import Situation, Trial
from bot.divert.policy import Allowed, Effect, Policy, Rule, Stage, Why
from bot.divert.policy.asking import Judged
from bot.divert.policy.written import written_duration, written_hours
from bot.divert.sentence import Sentence
from bot.divert.wording import words_in
from bot.slack.mrkdwn import plain


def told(trial: Trial, given: Situation) -> Iterator[str]:
    """The decision with what follows from it, then every other rule, then what was left open."""
    yield decided(trial)
    yield from _follows(trial)
    decisive = _decisive(trial)
    for judged in trial.explained.judged:
        if judged.rule.name != decisive:
            yield f"  rule {judged.rule.name!r} {beside(trial, judged)}"
    yield from _left_open(trial, given)


def decided(trial: Trial) -> str:
    decision = trial.decision
    if isinstance(decision, Allowed):
        return f"allowed by the rule {decision.rule.name!r}"
    return f"refused: {said(words_in('en').refusal(decision))}"


def said(sentence: Sentence) -> str:
    """As it would stand in Slack, without its marks."""
    return plain(sentence)


def _decisive(trial: Trial) -> str:
    decision = trial.decision
    if isinstance(decision, Allowed):
        return decision.rule.name
    return decision.rule if decision.why is Why.DENIED else ""


def _follows(trial: Trial) -> Iterator[str]:
    decision = trial.decision
    if isinstance(decision, Allowed):
        yield from _approvals(trial, decision.rule)
    if isinstance(trial.breaking, Allowed):
        yield f"  by the rule {trial.breaking.rule.name!r} this person may break the glass"
    if (freeze := trial.freeze) is not None:
        ends = freeze.ends(trial.wish.at)
        until = f" until {ends.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if ends else ""
        yield f"  nothing is sent in the freeze {freeze.name!r}{until}"


def _approvals(trial: Trial, rule: Rule) -> Iterator[str]:
    """Those of the rule first, then those for protected servers."""
    if not trial.stages:
        yield "  needs no approval and runs at once"
    for number, stage in enumerate(trial.stages):
        why = " for protected servers" if number >= len(rule.approvals) else ""
        yield f"  needs {approval(stage)}{why}"


def approval(stage: Stage) -> str:
    many = "approval" if stage.count == 1 else "approvals"
    told = f"{stage.count} {many} of {_either(stage.roles)}"
    if stage.escalate_after is None:
        return told
    after, others = written_duration(stage.escalate_after), _either(stage.escalate_to)
    return f"{told}, after {after} of {others} too"


def beside(trial: Trial, judged: Judged) -> str:
    """What a rule that did not decide has to do with the wish."""
    rule = judged.rule
    if judged.against is not None:
        return f"does not fit: it is for {_domain(rule, judged.against.why)}"
    if rule.effect is Effect.BREAK_GLASS:
        return "lets the glass be broken"
    if rule.effect is Effect.DENY:
        is_sure = rule.surely_fits(trial.wish)
        return "denies it too" if is_sure else "denies it if what is left open here fits"
    if isinstance(trial.decision, Allowed):
        return "allows it too, behind the one that decides"
    return "would allow it, but what is denied stays so"


def _domain(rule: Rule, why: Why) -> str:
    """What a rule is for, where that is what speaks against a wish."""
    return {
        Why.NO_RULE: f"the role {_either(rule.who)}",
        Why.PROJECT: f"the project {_either(rule.projects)}",
        Why.ROUTE: f"the route {_either(rule.routes)}",
        Why.CHANNEL: f"the channel {_either(rule.channels)}",
        Why.HOURS: written_hours(rule.hours) if rule.hours else "",
        Why.SELECTION: f"phones chosen by {_either(rule.selections)}",
        Why.SERVERS: f"servers {_either(rule.servers)}",
        Why.TAGS: f"servers tagged {_either(rule.tags)}",
        Why.TOO_FEW: f"{_size(rule.min_phones, rule.min_share)} at least",
        Why.SHARE: f"{_size(None, rule.max_share)} at most",
        Why.TOO_MANY: f"{_size(rule.max_phones, None)} at most",
    }[why]


def _size(phones: int | None, share: float | None) -> str:
    """A number of phones, a share of them, or both."""
    counted = [f"{phones} phones"] if phones is not None else []
    shared = [f"{_percent(share)} of the project's phones"] if share is not None else []
    return " and ".join(counted + shared)


def _percent(share: float) -> str:
    return f"{share * 100:.4g}%"


def _either(names: Sequence[str]) -> str:
    *others, last = names or ["any"]
    return f"{', '.join(others)} or {last}" if others else last


def _left_open(trial: Trial, given: Situation) -> Iterator[str]:
    """What rules speak of and nobody has said; it was held against nothing."""
    policy, wish = trial.policy, trial.wish
    if given.groups is None and (groups := ", ".join(_groups(policy))):
        yield f"  left open: whether {given.person} is in {groups} (--groups)"
    if wish.phones is None:
        yield "  left open: how many phones (--phones)"
    if wish.extent.fleet is None and policy.speaks_of_shares(wish.project):
        yield "  left open: which share of the project's phones (--fleet)"
    if wish.extent.places is None and policy.speaks_of_servers(wish.project):
        yield "  left open: on which servers, with which tags (--servers, --tags)"


def _groups(policy: Policy) -> Iterator[str]:
    """The user groups, each with the roles that it brings."""
    for group in sorted(policy.groups()):
        roles = [role for role, members in policy.roles.items() if group in members]
        yield f"{group} ({', '.join(roles)})"
