"""Small diagrams in a line of text: `s>x1>u1>e x1>u2>e`. The first letter of an id says what it is.

What is drawn passes lint with CONTEXT, so that a test can break one thing at a time.
"""

from collections.abc import Mapping, Sequence

from engine.bpmn import lint
from engine.bpmn.model import Diagram
from engine.bpmn.read import read

HEAD = """<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t"
 xmlns:camunda="http://camunda.org/schema/1.0/bpmn">"""
ROOTS = """<b:message id="msg" name="撤回"/><b:signal id="sig" name="停办"/>
<b:error id="err" name="退件" errorCode="E1"/><b:escalation id="esc" name="升级" escalationCode="X1"/>"""
WORK = 'camunda:formKey="审核" camunda:candidateGroups="platform" camunda:dueDate="P3D"'
TIMER = "<b:timerEventDefinition><b:timeDuration>PT1H</b:timeDuration></b:timerEventDefinition>"
MESSAGE = '<b:messageEventDefinition messageRef="msg"/>'
KINDS = {
    "s": "<b:startEvent id='{0}'/>",
    "e": "<b:endEvent id='{0}'/>",
    "u": f"<b:userTask id='{{0}}' {WORK}/>",
    "t": "<b:task id='{0}'/>",
    "x": "<b:exclusiveGateway id='{0}' {1}/>",
    "p": "<b:parallelGateway id='{0}'/>",
    "i": "<b:inclusiveGateway id='{0}' {1}/>",
    "v": "<b:eventBasedGateway id='{0}'/>",
    "c": f"<b:intermediateCatchEvent id='{{0}}'>{TIMER}</b:intermediateCatchEvent>",
    "m": f"<b:intermediateCatchEvent id='{{0}}'>{MESSAGE}</b:intermediateCatchEvent>",
}


class Form:
    def __init__(self, keys: Sequence[str], read: Sequence[str] = (), **choices: Sequence[str]) -> None:
        self._keys, self._read, self._choices = keys, read, choices

    def keys(self) -> Sequence[str]:
        return self._keys

    def variables_read(self) -> Sequence[str]:
        return self._read

    def choices_of(self, key: str) -> Sequence[str] | None:
        return self._choices.get(key)


BALLOT = Form(["decision", "opinion"], decision=["同意", "不同意", "弃权"], opinion=["同意", "再议"])


class Operation:
    def __init__(self, parameters: Mapping[str, bool], results: tuple[str, ...] = ()) -> None:
        self.parameters, self.results, self.alone = parameters, results, False


CONTEXT = lint.LintContext(
    forms={
        "审核": Form(["amount", "department"]),
        "回访": Form(["satisfaction"], ["amount"]),
        "表决": BALLOT,
    },
    decisions={"route": ["amount"], "rating": ["satisfaction"]},
    operations={
        "set variables": Operation({}),
        "notify": Operation({"to": True, "template": True, "urgent": False}),
        "issue number": Operation({"pattern": True}, ("number",)),
        "look up": Operation({"key": True}, ("found",)),
    },
    groups=lambda name: name in ("platform", "leader", "admin", "handler", "enterprise", "handler@fgj"),
    functions=frozenset({"workdays", "next workday"}),
)


def inside(
    ways: str, own: Mapping[str, str] | None = None, conditions: Mapping[str, str] | None = None
) -> str:
    """The XML of a scope. `own` replaces or adds elements by id; `conditions` by flow id (`x1-u1`)."""
    own, conditions = own or {}, conditions or {}
    after: dict[str, list[str]] = {}
    for way in ways.split():
        for source, target in zip(way.split(">"), way.split(">")[1:], strict=False):
            after.setdefault(source, []).append(target)
            after.setdefault(target, [])
    xml = []
    for key in [*after, *(key for key in own if key not in after)]:
        default = f"default='{key}-{after[key][-1]}'" if len(after.get(key, ())) > 1 else ""
        xml.append(own[key] if key in own else KINDS[key[0]].format(key, default))
        xml += [
            _flow(f"{key}-{to}", _condition(key, after[key], to), conditions) for to in after.get(key, ())
        ]
    return "".join(xml)


def _condition(source: str, targets: list[str], target: str) -> str:
    chooses = source[0] in "xi" and len(targets) > 1
    return "= true" if chooses and target != targets[-1] else ""


def _flow(key: str, condition: str, conditions: Mapping[str, str]) -> str:
    source, target = key.split("-")
    text = conditions.get(key, condition)
    inner = f"<b:conditionExpression>{text}</b:conditionExpression>" if text else ""
    return f"<b:sequenceFlow id='{key}' sourceRef='{source}' targetRef='{target}'>{inner}</b:sequenceFlow>"


def draw(
    ways: str,
    own: Mapping[str, str] | None = None,
    conditions: Mapping[str, str] | None = None,
    process: str = "",
    head: str = "",
    key: str = "process",
) -> Diagram:
    """The diagram; `process` are attributes of the process, `head` is XML at its beginning."""
    opening = f"<b:process id='{key}' isExecutable='true' {process}>{head}"
    return read(f"{HEAD}{ROOTS}{opening}{inside(ways, own, conditions)}</b:process></b:definitions>".encode())


def sub(
    key: str, ways: str, own: Mapping[str, str] | None = None, attributes: str = "", head: str = ""
) -> str:
    return f"<b:subProcess id='{key}' {attributes}>{head}{inside(ways, own)}</b:subProcess>"


def call(key: str, process: str, mapping: str = "", inner: str = "", attributes: str = "") -> str:
    """A call activity. `mapping`: `a>b` for `in`, `a<b` for `out` (b of the called process), `*>`, `<*`."""
    extension = "".join(_mapping(one) for one in mapping.split())
    return (
        f"<b:callActivity id='{key}' calledElement='{process}' {attributes}>"
        f"{extended(extension)}{inner}</b:callActivity>"
    )


def _mapping(one: str) -> str:
    if one in ("*>", "<*"):
        return f"<camunda:{'in' if one == '*>' else 'out'} variables='all'/>"
    word, left, right = ("in", *one.split(">")) if ">" in one else ("out", *one.split("<")[::-1])
    return f"<camunda:{word} source='{left}' target='{right}'/>"


def boundary(key: str, host: str, event: str = TIMER, interrupting: bool = True) -> str:
    where = f"attachedToRef='{host}' cancelActivity='{str(interrupting).lower()}'"
    return f"<b:boundaryEvent id='{key}' {where}>{event}</b:boundaryEvent>"


def end(key: str, event: str) -> str:
    return f"<b:endEvent id='{key}'>{event}</b:endEvent>"


def user(key: str, attributes: str = WORK, inner: str = "", extension: str = "") -> str:
    return f"<b:userTask id='{key}' {attributes}>{extended(extension)}{inner}</b:userTask>"


def extended(extension: str) -> str:
    return f"<b:extensionElements>{extension}</b:extensionElements>" if extension else ""


def properties(**values: str) -> str:
    inner = "".join(f"<camunda:property name='{name}' value='{value}'/>" for name, value in values.items())
    return f"<camunda:properties>{inner}</camunda:properties>"


def parameters(inputs: Mapping[str, str] | None = None, outputs: Mapping[str, str] | None = None) -> str:
    given = [(name, value, "input") for name, value in (inputs or {}).items()]
    given += [(name, value, "output") for name, value in (outputs or {}).items()]
    inner = "".join(f"<camunda:{s}Parameter name='{n}'>{v}</camunda:{s}Parameter>" for n, v, s in given)
    return f"<camunda:inputOutput>{inner}</camunda:inputOutput>"


def service(key: str, topic: str = "set variables", extension: str = "", attributes: str = "") -> str:
    given = attributes or f"camunda:type='external' camunda:topic='{topic}'"
    return f"<b:serviceTask id='{key}' {given}>{extended(extension)}</b:serviceTask>"


ERROR = '<b:errorEventDefinition errorRef="err"/>'
TERMINATE = "<b:terminateEventDefinition/>"


def codes(diagram: Diagram, context: lint.LintContext = CONTEXT) -> list[str]:
    """The codes of a diagram's problems, each of which must say something in both languages."""
    problems = lint.check(diagram, context)
    for problem in problems:
        assert problem.where and problem.facts["name"]
        for language in ("zh", "en"):
            assert problem.say(language) != problem.code
    return [problem.code for problem in problems]
