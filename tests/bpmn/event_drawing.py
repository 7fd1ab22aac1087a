"""Drawing event sub-processes: a start with its event, and a body of ids of its own."""

from tests.bpmn.drawing import MESSAGE, sub

SIGNAL = '<b:signalEventDefinition signalRef="sig"/>'
ENDS = "<b:endEvent id='{0}'/>"


def begin(key: str, event: str = MESSAGE, interrupting: bool = True, inner: str = "") -> str:
    """The start event of an event sub-process."""
    kind = str(interrupting).lower()
    return f"<b:startEvent id='{key}' isInterrupting='{kind}'>{inner}{event}</b:startEvent>"


def aside(
    key: str,
    body: str,
    own: dict[str, str],
    event: str = MESSAGE,
    interrupting: bool = True,
    inner: str = "",
) -> str:
    """An event sub-process `key`: its start is called `<key>_s`, and `body` begins behind it (`u9>e9`)."""
    start = f"{key}_s"
    drawn = {start: begin(start, event, interrupting, inner), **own}
    return sub(key, f"{start}>{body}", drawn, "triggeredByEvent='true'")
