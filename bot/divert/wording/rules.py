"""What a rule of the policy says, and what one person may do under all of them."""

from collections.abc import Iterable, Iterator, Sequence

from bot.divert.policy import Rule, Stage
from bot.divert.policy.written import written_hours
from bot.divert.sentence import Code, Mention, Sentence
from bot.divert.wording.speech import Speech


class OfRules(Speech):
    """A rule in one line, and the answer to `/cph whoami`."""

    __slots__ = ()

    def looking_up(self) -> Sentence:
        return self.say(self._("I am asking Slack who you are; the answer follows."))

    def you_are(self, person: str, roles: Sequence[str]) -> Sentence:
        told = (
            self.n_(
                "You are {person}, in the role {roles}.",
                "You are {person}, in the roles {roles}.",
                len(roles),
            )
            if roles
            else self._("You are {person}, in none of the policy's roles.")
        )
        return self.say(told, person=Mention(person), roles=_codes(roles))

    def you_may_ask(self, project: str, rules: Sequence[Rule]) -> tuple[Sentence, ...]:
        if not rules:
            return (
                self.say(self._("In {project} you may ask for nothing."), project=Code(project)),
            )
        head = self._("*In {project} you may ask for this*, by the first rule that fits:")
        return (self.say(head, project=Code(project)), *map(self._asked, rules))

    def you_may_never_ask(self, rules: Sequence[Rule]) -> tuple[Sentence, ...]:
        head = self._("*What these rules fit is refused*, whatever others say:")
        return (self.say(head), *map(self._fitting, rules))

    def you_may_break_glass(self, rules: Sequence[Rule]) -> tuple[Sentence, ...]:
        head = self._(
            "*In an emergency you may break the glass*: have this run at once without approval, "
            "with a reason, to be reviewed afterwards:"
        )
        return (self.say(head), *map(self._fitting, rules))

    def you_may_approve(self, rules: Sequence[str]) -> Sentence:
        if not rules:
            return self.say(self._("You may approve nothing here."))
        return self.say(
            self.n_(
                "*You may approve* what is asked for by the rule {rules}.",
                "*You may approve* what is asked for by the rules {rules}.",
                len(rules),
            ),
            rules=_codes(rules),
        )

    def you_may_approve_protected(self) -> Sentence:
        return self.say(self._("*You may approve* what touches protected servers."))

    def you_may_look(self) -> Sentence:
        return self.say(
            self._("*You may look* at phones and plans: `/cph phones`, `/cph plan`, `/cph drift`.")
        )

    def you_may_operate(self) -> Sentence:
        return self.say(self._("*You may stop everything* and let it go on: `/cph pause`."))

    def policy_version(self, version: str) -> Sentence:
        return self.say(self._("This is by policy {version}."), version=Code(version))

    def approvals(self, stages: Sequence[Stage]) -> Sentence:
        """How many of whom must agree."""
        if not stages:
            return self.say(self._("no approval needed"))
        return self.joined(map(self._stage, stages), self._(" and "))

    def _stage(self, stage: Stage) -> Sentence:
        told = self.n_("{count} approval of {roles}", "{count} approvals of {roles}", stage.count)
        return self.say(told, count=self.number(stage.count), roles=_codes(stage.roles))

    def _asked(self, rule: Rule) -> Sentence:
        return self._line(rule, self.approvals(rule.approvals), *self._own(rule))

    def _own(self, rule: Rule) -> Iterator[Sentence]:
        if rule.approvals and rule.self_approval:
            yield self.say(self._("your own counts"))

    def _fitting(self, rule: Rule) -> Sentence:
        return self._line(rule)

    def _line(self, rule: Rule, *more: Sentence) -> Sentence:
        """The rule's name with all that it limits."""
        limits = list(self._limits(rule)) or [self.say(self._("anything"))]
        name = self.say("• {name}: ", name=Code(rule.name))
        return self.joined([name, self.joined([*limits, *more], " · ")], "")

    def _limits(self, rule: Rule) -> Iterator[Sentence]:
        if rule.routes:
            yield self.say("{routes}", routes=_codes(rule.routes))
        yield from self._sizes(rule)
        if rule.selections:
            yield self.say(self._("chosen by {kinds}"), kinds=_codes(rule.selections))
        if rule.servers:
            yield self.say(self._("on servers {servers}"), servers=_codes(rule.servers))
        if rule.tags:
            yield self.say(self._("on servers with {tags}"), tags=_codes(rule.tags))
        if rule.channels:
            channels = tuple(Mention(one) for one in rule.channels)
            yield self.say(self._("in {channels}"), channels=channels)
        if rule.hours is not None:
            yield self.say("{hours}", hours=Code(written_hours(rule.hours)))

    def _sizes(self, rule: Rule) -> Iterator[Sentence]:
        if rule.min_phones is not None:
            least = self.n_("{n} phone at least", "{n} phones at least", rule.min_phones)
            yield self.say(least, n=self.number(rule.min_phones))
        if rule.max_phones is not None:
            most = self.n_("{n} phone at most", "{n} phones at most", rule.max_phones)
            yield self.say(most, n=self.number(rule.max_phones))
        if rule.min_share is not None:
            told = self._("{share} of the project at least")
            yield self.say(told, share=self.percent(rule.min_share))
        if rule.max_share is not None:
            told = self._("{share} of the project at most")
            yield self.say(told, share=self.percent(rule.max_share))


def _codes(texts: Iterable[str]) -> tuple[Code, ...]:
    return tuple(Code(text) for text in texts)
