"""What the outbox says to a person who asked it for something."""

from engine.errors import teach

teach(
    {
        "outbox.not_failed": (
            "这条通知没有发送失败，无须重发。请刷新页面。",
            "This notice has not failed and need not be sent again. Reload the page.",
        ),
        "outbox.no_notice": (
            "没有这条通知，或不是发给您的。请刷新通知列表。",
            "There is no such notice, or it is not yours. Reload the list.",
        ),
        "outbox.unknown_channel": (
            "没有通知渠道「{channel}」。ZHIBAN_CHANNELS 可写：{known}，以逗号分隔。",
            "There is no channel {channel}. ZHIBAN_CHANNELS may name {known}, separated by commas.",
        ),
    }
)
