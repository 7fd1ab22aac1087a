"""What a diagram says about the desk: which actions a task offers, where an opinion is asked for, and who
must not perform a task because of what that person did before (four eyes).

All of it stands in `camunda:properties`, names in English or Chinese, separated by commas.
"""

from collections.abc import Iterable, Iterator, Mapping

from engine.bpmn.calls import SLASH
from engine.bpmn.model import Diagram, Element

ACTIONS: Mapping[str, str] = {  # what people may do with a task besides taking, saving and completing it
    "transfer": "转办",
    "delegate": "委派",
    "sign before": "前加签",
    "sign after": "后加签",
    "send back": "退回",
    "reject": "驳回",
    "take back": "撤回",
    "copy": "抄送",
    "urge": "催办",
}
OPINIONS: Mapping[str, str] = {**ACTIONS, "complete": "办理", "remove signer": "减签", "agree": "同意"}
ALWAYS = frozenset({"send back", "reject", "disagree", "terminate"})  # never without an opinion
NONE = "none"
NOT_PERFORMED = "not performed by"
SEND_BACK_TO = "send back to"
TERMINATORS = ("control-centre",)


def words(text: str) -> list[str]:
    """The parts of a list, at commas of either width and at 、."""
    plain = text.replace("，", ",").replace("、", ",")
    return [word for word in map(str.strip, plain.split(",")) if word]


def canonical(word: str, known: Mapping[str, str]) -> str:
    """The English name of an action, however it is written; the word itself if it is none."""
    small = " ".join(word.lower().split())
    return small if small in known else next((name for name, said in known.items() if said == word), word)


def offered(element: Element, enterprise: bool = False) -> frozenset[str]:
    """The actions that a task of this node offers. An enterprise's task offers what it says, else nothing."""
    said = element.properties.get("actions")
    if said is not None:
        return frozenset(canonical(word, ACTIONS) for word in words(said)) & ACTIONS.keys()
    if enterprise:
        return frozenset()
    return frozenset(ACTIONS) - (frozenset() if element.properties.get("reject") else {"reject"})


def needs_opinion(element: Element | None, action: str) -> bool:
    """Whether this action must say why, at this node."""
    if action in ALWAYS or element is None:
        return action in ALWAYS
    said = element.properties.get("opinion", "")
    return bool(said) and action in {canonical(word, OPINIONS) for word in words(said)}


def kept_from(diagram: Diagram, element: Element) -> frozenset[str]:
    """The ids of the nodes whose performers must not perform this one; none where nothing is declared.

    Of an event that waits for a message its sender is the performer.

    A name means the node called so in the same process, else wherever in the case.
    """
    said = element.properties.get(NOT_PERFORMED)
    if not said:
        return frozenset()
    known = diagram.kept_from.get(element.id)
    if known is None:
        known = frozenset(key for word in words(said) for key in called_so(diagram, element, word))
        diagram.kept_from[element.id] = known
    return known


def called_so(diagram: Diagram, element: Element, word: str) -> list[str]:
    """The ids of the activities which `word`, a name or an id, means at `element`."""
    place = element.id.rpartition(SLASH)[0]
    found = [e.id for e in diagram.elements.values() if word in (e.id, e.name, e.id.rpartition(SLASH)[2])]
    return [key for key in found if key.rpartition(SLASH)[0] == place] or found


def back_to(diagram: Diagram, element: Element) -> frozenset[str] | None:
    """The ids of the nodes that a task of this one may be sent back to; None where it is not narrowed."""
    said = element.properties.get(SEND_BACK_TO)
    if said is None:
        return None
    return frozenset(key for word in words(said) for key in called_so(diagram, element, word))


def joint(element: Element) -> bool:
    """Whether who works there only joins in (协办): the case is led by others."""
    return element.properties.get("joint") == "true"


def guarded(diagram: Diagram) -> Iterator[Element]:
    """The nodes that somebody is kept from because of earlier work."""
    if NOT_PERFORMED not in diagram.said:
        return iter(())
    return (e for e in diagram.elements.values() if NOT_PERFORMED in e.properties)


def terminators(diagram: Diagram) -> Iterable[str]:
    """The groups that may end a running case before its time."""
    return words(diagram.properties.get("terminators", "")) or TERMINATORS
