"""What a process says about its rounds: the variable that counts them, and what to tell of each.

The property `round` names the first, `round facts` the rest: pairs of a label and a variable, such as
`承办部门: answerer, 派发: dispatched_at`.
"""

from collections.abc import Mapping

COUNTER = "round"
FACTS = "round facts"


def facts(properties: Mapping[str, str]) -> list[tuple[str, str]]:
    """The pairs of label and variable, as they are written; what a part leaves out is empty."""
    parts = [part for part in properties.get(FACTS, "").replace("，", ",").split(",") if part.strip()]
    pairs = (part.replace("：", ":").partition(":") for part in parts)
    return [(label.strip(), name.strip()) for label, _, name in pairs]
