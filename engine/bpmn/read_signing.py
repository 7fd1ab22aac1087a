"""Reads how people sign together at a user task (会签, 或签, 票签, 依次) from the task's properties."""

from collections.abc import Mapping

from engine.bpmn.model import Loop, Signing

FORM = "builtin/signing"  # the form of a task that declares signing and names none
SIGNER = "signer"  # the variable that names whose instance it is: an account's id or a group
WORDS: Mapping[str, str] = {
    "会签": "all",
    "all": "all",
    "或签": "any",
    "any": "any",
    "票签": "vote",
    "vote": "vote",
    "依次": "turn",
    "in turn": "turn",
}
PROPERTIES = ("signers", "pass", "veto", "vote", "result")  # that mean something beside `signing` only


def signing_loop(key: str, properties: Mapping[str, str]) -> Loop | None:
    """The multi-instance that a task with these properties is; None where they declare no signing."""
    word = properties.get("signing")
    if word is None:
        return None
    kind = WORDS.get(word.strip(), "")
    found = Signing(
        kind,
        properties.get("signers", "").strip(),
        properties.get("pass", "").strip(),
        properties.get("veto", "").strip() == "true",
        properties.get("vote", "").strip() or "decision",
        properties.get("result", "").strip() or f"{key}_result",
    )
    return Loop("sequential" if kind == "turn" else "parallel", element_variable=SIGNER, signing=found)
