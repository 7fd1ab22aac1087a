"""Signing together (会签, 或签, 票签, 依次): a multi-instance with one instance for each signer.

What completes it is the rule that the node declares (engine.bpmn.votes), never a condition. Its result and
everybody's opinion are kept in variables; each instance knows by `signer` whose it is, and by `signing`
how many are asked and how many must agree.
"""

from decimal import Decimal
from typing import Any

from engine.bpmn.model import Loop, Signing
from engine.bpmn.read_signing import SIGNER
from engine.bpmn.stepping.effects import Voted
from engine.bpmn.stepping.expressions import Expressions
from engine.bpmn.stepping.nodes.multi import ParallelMulti, SequentialMulti, _Multi
from engine.bpmn.stepping.tokens import FINISHED, Token
from engine.bpmn.votes import FAILED, PASSED, VOTES, needed_of, ratio_of, verdict
from engine.errors import Invalid

MOST = 50  # signers at one node
ACCOUNT = "account"  # what a host says of a signer who is a person; else it is a group


class _Signing(_Multi):
    """What both ways of asking share: the signers, their votes, the rule. `votes` are kept with the token."""

    said: Signing

    def prepare(self, loop: Loop, expressions: Expressions) -> None:
        super().prepare(loop, expressions)
        assert loop.signing is not None, "only a loop that declares signing is built like this"
        self.said = loop.signing
        self.signers_ = expressions.several(self.said.signers)
        self.passing_ = expressions.value(self.said.passing) if self.said.passing else None

    def begin(self, my_task: Token) -> list[Any]:
        """The signers; what another round came to is taken back. Invalid: nobody, somebody unknown, twice."""
        run = my_task.workflow.top_workflow
        signers = self._signers(my_task)
        needed = needed_of(self._ratio(my_task), len(signers))
        my_task.internal_data.update(votes=[], heard=[], needed=needed, signers=signers)
        run.assign(my_task, {self.said.result: None, self.said.opinions: []})
        return signers

    def _signers(self, my_task: Token) -> list[str]:
        run = my_task.workflow.top_workflow
        label = self.element.label if self.element else self.name
        found: list[Any] = []
        for value in self.signers_:
            given = value.at(run, my_task)
            found.extend(given if isinstance(given, list) else [] if given is None else [given])
        if not found:
            raise Invalid("bpmn.no_signers", name=label)
        if len(found) > MOST or not all(isinstance(one, str) and one.strip() for one in found):
            raise Invalid("bpmn.bad_signers", name=label, most=MOST)
        for one in found:
            if found.count(one) > 1:
                raise Invalid("bpmn.signer_twice", name=label, who=one)
            if run.host.signer(one) is None:
                raise Invalid("bpmn.unknown_signer", name=label, who=one)
        return found

    def _ratio(self, my_task: Token) -> Decimal:
        """The share that must agree: as declared, else all."""
        if self.passing_ is None:
            return Decimal(1)
        found = ratio_of(self.passing_.at(my_task.workflow.top_workflow, my_task))
        if found is None or not 0 < found <= 1:
            raise Invalid("bpmn.bad_ratio", name=self.element.label if self.element else self.name)
        return found

    def open_item(self, my_task: Token, index: int, item: Any) -> None:
        kept = my_task.internal_data
        known = {"round": my_task.id, "count": len(kept["signers"]), "needed": kept["needed"]}
        my_task.data = {**my_task.data, "signing": known}
        super().open_item(my_task, index, item)
        my_task.data = {name: value for name, value in my_task.data.items() if name != "signing"}

    def gather(self, my_task: Token, child: Token) -> None:
        """Take a vote, and write down who gave it. Invalid where the form gave none."""
        super().gather(my_task, child)
        run, said, kept = my_task.workflow.top_workflow, self.said, my_task.internal_data
        vote = child.data.get(said.vote)
        if vote not in VOTES:
            label = self.element.label if self.element else self.name
            raise Invalid("bpmn.no_vote", name=label, field=said.vote)
        told = _opinion(run, child, vote)
        kept.update(votes=[*kept["votes"], vote], heard=[*kept["heard"], told["who"]])
        run.assign(my_task, {said.opinions: [*run.scope(my_task)[said.opinions], told]})
        beside = (t.id for t in self.children_of(my_task) if not t._state & FINISHED and t is not child)
        run.step.voted.append(Voted(told["who"], vote, told["opinion"], tuple(beside)))

    def forget(self, my_task: Token, place: int) -> None:
        """Take back a vote, with who gave it and why."""
        super().forget(my_task, place)
        run, said, kept = my_task.workflow.top_workflow, self.said, my_task.internal_data
        for name in ("votes", "heard"):
            kept[name] = [*kept[name][:place], *kept[name][place + 1 :]]
        told = run.scope(my_task)[said.opinions]
        run.assign(my_task, {said.opinions: [*told[:place], *told[place + 1 :]]})

    def satisfied(self, my_task: Token, child: Token, total: int) -> bool:
        """Whether the rule has its answer, which is written down then."""
        kept, said = my_task.internal_data, self.said
        found = verdict(said.kind, kept["votes"], total, kept["needed"], said.veto)
        if found is not None:
            my_task.workflow.top_workflow.assign(my_task, {said.result: PASSED if found else FAILED})
        return found is not None


class ParallelSigning(_Signing, ParallelMulti):
    """Everybody is asked at once."""


class SequentialSigning(_Signing, SequentialMulti):
    """One is asked after the other."""


def signer_of(run: Any, token: Token) -> tuple[str | None, tuple[str, ...], tuple[str, ...]]:
    """Whose instance it is: an account or groups; and the accounts that have their own, or had a say."""
    kept, name = token.parent.internal_data, str(token.data[SIGNER])
    kinds = {signer: run.host.signer(signer) for signer in kept["signers"]}
    own = [signer for signer, kind in kinds.items() if kind == ACCOUNT and signer != name]
    barred = tuple(dict.fromkeys((*own, *kept["heard"])))
    if kinds[name] == ACCOUNT:
        return name, (), tuple(who for who in barred if who != name)
    return None, (name,), barred


def _opinion(run: Any, child: Token, vote: str) -> dict[str, Any]:
    """Who said what, and when; an opinion is what the form's field `opinion` holds, or `reason`."""
    actor, moment = run.context.get("actor") or {}, run.context.get("task") or {}
    words = (child.data.get(key) for key in ("opinion", "reason"))
    return {
        "who": str(actor.get("id") or ""),
        "name": str(actor.get("name") or ""),
        "signer": child.data[SIGNER],
        "decision": vote,
        "opinion": next((text for text in words if isinstance(text, str) and text.strip()), ""),
        "when": moment.get("completed"),
    }
