"""How people sign together: every word is known, the rule is stated whole, the form asks for the vote."""

from collections.abc import Iterator
from decimal import Decimal

from engine import feel
from engine.bpmn.lint.context import LintContext, about
from engine.bpmn.lint.tasks import CANDIDATES, PLACED, literal_groups
from engine.bpmn.model import Diagram, Element, Signing
from engine.bpmn.read_signing import PROPERTIES, WORDS
from engine.bpmn.votes import ABSTAIN, AGREE, DISAGREE, ratio_of
from engine.errors import Problem

RATED = ("all", "vote", "turn")  # kinds that a ratio may pass
_ID = 32  # characters of an account's id, which is hexadecimal


def declared(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """`signing` stands at a user task without another loop, and says one of the four kinds."""
    for element in diagram.elements.values():
        found = _signing(element)
        word = element.properties.get("signing")
        if word is None:
            for name in PROPERTIES:
                if name in element.properties:
                    yield about("lint.signing-alone", element, property=name)
        elif found is None:
            yield about("lint.signing-place", element, value=word)
        elif not found.kind:
            yield about("lint.signing-word", element, value=word, choices="、".join(WORDS))


def who(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """The signers are named, by nothing else, and literal ones can exist."""
    for element, found in _declaring(diagram):
        if not found.signers:
            yield about("lint.signing-signers", element)
        for name in CANDIDATES:
            if element.attributes.get(name):
                yield about("lint.signing-candidates", element, attribute=name)
        exists = context.groups
        for name in literal_groups(found.signers, context):
            if name in PLACED:
                yield about("lint.group-place", element, group=name, mend=PLACED[name])
            elif exists is not None and not exists(name) and not _is_account(name):
                yield about("lint.group-unknown", element, group=name)


def rule(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """A vote says its ratio, above 0 and up to 100 %; a veto is true or false; 或签 has neither."""
    for element, found in _declaring(diagram):
        veto = element.properties.get("veto")
        if veto is not None and veto.strip() not in ("true", "false"):
            yield about("lint.property", element, property="veto", value=veto, choices="true / false")
        if found.kind == "any":
            for name in ("pass", "veto"):
                if name in element.properties:
                    yield about("lint.signing-any", element, property=name)
        elif found.kind == "vote" and not found.passing:
            yield about("lint.signing-pass", element, value="")
        elif found.passing and _wrong_ratio(found.passing):
            yield about("lint.signing-pass", element, value=found.passing)


def forms(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """The form has a field for the vote that must be filled in, and offers agreement and disagreement."""
    for element, found in _declaring(diagram):
        form = context.forms.get(element.attributes.get("formKey", ""))
        if form is None:
            continue
        offered = form.choices_of(found.vote)
        words = set(offered or ())
        if not words >= {AGREE, DISAGREE} or not words <= {AGREE, DISAGREE, ABSTAIN}:
            facts = {"field": found.vote, "form": element.attributes["formKey"]}
            yield about("lint.signing-vote", element, **facts)


def _declaring(diagram: Diagram) -> Iterator[tuple[Element, Signing]]:
    for element in diagram.elements.values():
        found = _signing(element)
        if found is not None and found.kind:
            yield element, found


def _signing(element: Element) -> Signing | None:
    return element.loop.signing if element.loop is not None else None


def _is_account(name: str) -> bool:
    return len(name) == _ID and not set(name) - set("0123456789abcdef")


def _wrong_ratio(text: str) -> bool:
    """Whether a ratio that is written, and not computed, means none."""
    if feel.expression_in(text) is not None:
        return False
    found = ratio_of(text)
    return found is None or not Decimal(0) < found <= 1


RULES = (declared, who, rule, forms)
