"""The actions as their pages tell them: what each is called, what it does in a sentence, what it asks."""

from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True)
class Kind:
    """An action's page. `asks` is what is chosen: person, people, place, signer, outcome or ''.

    `leaves`: the task is no longer this person's afterwards, and the next one opens.
    """

    action: str
    title: str
    sentence: str
    icon: str
    asks: str = ""
    leaves: bool = True
    with_form: bool = False  # the task's own form is filled in with it
    drops: bool = False  # what the holder has typed and not submitted goes with it

    @property
    def slug(self) -> str:
        return self.action.replace(" ", "-")


def kinds() -> dict[str, Kind]:
    """Every action by its word in an address, in the reader's language."""
    return {kind.slug: kind for kind in (*_handing(), *_signing(), *_moving(), *_asking())}


def _handing() -> tuple[Kind, ...]:
    return (
        Kind(
            "transfer",
            _("转办"),
            _("这件事项交给另一个人办理，您不再负责。经过里会记下您是原办理人，对方会收到通知。"),
            "box-arrow-right",
            "person",
            drops=True,
        ),
        Kind(
            "delegate",
            _("委派"),
            _("请另一个人先办，对方交回后由您审核提交。事项仍由您负责。"),
            "person",
            "person",
        ),
        Kind(
            "recall",
            _("收回委派"),
            _("对方交回之前，您可以把这件事项收回自己办。对方会收到通知，对方没有交回的内容作废。"),
            "arrow-counterclockwise",
            leaves=False,
            drops=True,
        ),
        Kind(
            "answer",
            _("交回委派"),
            _("您填写的内容作为草稿交给委派人，由委派人审核提交。"),
            "upload",
            with_form=True,
        ),
    )


def _signing() -> tuple[Kind, ...]:
    return (
        Kind(
            "sign before",
            _("前加签"),
            _("先请别人表示意见，都办完后事项回到您这里，由您继续办理。"),
            "plus-lg",
            "people",
        ),
        Kind(
            "sign after",
            _("后加签"),
            _("您先填好办理内容，再请别人表示意见；都同意后自动提交，有人不同意就退回给您。"),
            "plus-lg",
            "people",
            with_form=True,
        ),
        Kind(
            "remove signer",
            _("减签"),
            _("不再等这个人的意见，对方的加签任务会撤销。"),
            "dash-circle",
            "signer",
            leaves=False,
        ),
        Kind(
            "decide", _("加签意见"), _("请表示同意或不同意。不同意时请写明理由。"), "pencil-square", "outcome"
        ),
    )


def _moving() -> tuple[Kind, ...]:
    return (
        Kind(
            "send back",
            _("退回"),
            _("退回到前面办过的环节重新办理，之后的环节会撤销，期限按该环节重新计算。"),
            "arrow-left",
            "place",
            drops=True,
        ),
        Kind("reject", _("驳回"), _("不同意办理，办件按流程的规定转出或结束。"), "x-circle-fill", drops=True),
        Kind(
            "take back",
            _("撤回"),
            _("收回您刚办完的这一步，重新办理。后面的人已经办理的，不能撤回。"),
            "arrow-counterclockwise",
            leaves=False,
        ),
    )


def _asking() -> tuple[Kind, ...]:
    return (
        Kind(
            "copy",
            _("抄送"),
            _("请别人知悉这件办件，对方可以查看，不需要办理。"),
            "chat-dots",
            "people",
            leaves=False,
        ),
        Kind(
            "urge",
            _("催办"),
            _("提醒办理人尽快办理，对方会收到通知。每件事项一小时内只能催办一次。"),
            "bell",
            leaves=False,
        ),
    )
