"""The notices of a case with their way on each channel: delivered, waiting, failed, to be sent again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from engine.outbox import IN_APP
from engine.runtime import queries
from engine.runtime.queries import NoticeRow, Sending
from webui.disclosure import View

MAY_SEND_AGAIN = ("platform", "control-centre")  # roles


@dataclass(frozen=True)
class Way:
    """A notice on one channel. `again` says whether this reader may have it sent once more."""

    id: str
    channel: str
    state: str
    words: str
    why: str
    again: bool


@dataclass(frozen=True)
class Notice:
    at: datetime
    recipient: str
    text: str
    ways: tuple[Way, ...]


def notices(view: View, most: int | None) -> tuple[list[Notice], int]:
    """The last `most` notices, newest first, and how many are left out; enterprises have their bell."""
    if view.outward:
        return [], 0
    case = (view.connection, view.row.id)
    kept, before = (queries.notices(*case), 0) if most is None else queries.last_notices(*case, most)
    return [_notice(view, row) for row in reversed(kept)], before


def _notice(view: View, row: NoticeRow) -> Notice:
    text = row.text_en if view.language == "en" else row.text
    return Notice(row.at, row.recipient, view.plain(text), tuple(_way(view, one) for one in row.sendings))


def _way(view: View, sending: Sending) -> Way:
    again = sending.state == "failed" and not view.actor.groups.isdisjoint(MAY_SEND_AGAIN)
    why = sending.problem if sending.state != "delivered" else ""
    return Way(sending.id, channel(sending.channel), sending.state, _words(sending), why, again)


def _words(sending: Sending) -> str:
    if sending.state == "delivered":
        return _("已送达")
    if sending.state == "failed":
        return _("发送失败，试过 %(n)s 次", n=sending.attempts) if sending.attempts else _("发送失败")
    return _("待重发，已试 %(n)s 次", n=sending.attempts) if sending.attempts else _("待发送")


CHANNELS: Mapping[str, Callable[[], str]] = {
    IN_APP: lambda: _("站内"),
    "mail": lambda: _("邮件"),
    "sms": lambda: _("短信"),
    "wechat": lambda: _("微信"),
    "webhook": lambda: _("系统对接"),
    "console": lambda: _("控制台"),
}


def channel(name: str) -> str:
    """A channel in words; one of an operator's own stays as it is written."""
    return CHANNELS[name]() if name in CHANNELS else name
