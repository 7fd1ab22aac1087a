"""What is said about four eyes and opinions."""

from engine.errors import teach

teach(
    {
        "runtime.nobodys_task": (
            "「{task}」没有人能办理：没有候选人，候选的组里没有人，或能办的人都办过前面相关环节。请控制中心指定办理人（转办），或增加人员、调整角色，或终止办件。",
            "Nobody can do {task}: it has no candidates, nobody is in their groups, or all of them did what four eyes "
            "look at. The control centre may assign it to somebody; or add a person, change a role, or end the case.",
        ),
        "runtime.four_eyes": (
            "「{task}」须由另一个人办理：办理过前面相关环节的人员不能再办。请放回、转办，或请同事认领。",
            "{task} needs another pair of eyes: whoever performed the step before may not do it. "
            "Release it, transfer it, or let a colleague claim it.",
        ),
        "runtime.one_vote": (
            "「{task}」一人一票：您（或您代理的人）在这一轮已经出具意见，或另有自己的一票，不能再办这一票。"
            "请由其他同事认领。",
            "{task} is one vote a person: you, or whom you act for, have another in this round, given or still "
            "to give. Leave this one to a colleague.",
        ),
        "runtime.spoken_already": (
            "您已在「{task}」这个环节办理或表过态，同一环节每人只能表态一次。请由其他人办理。",
            "You have your say at {task} already, and everybody has one there. Let somebody else do it.",
        ),
        "runtime.opinion_needed": ("请填写意见后再提交。", "Write your opinion, then send it again."),
        "runtime.say_opinion": ("请填写意见。", "Write your opinion."),
        "runtime.opinion_long": (
            "意见不超过 {most} 字。请缩短后再提交。",
            "An opinion has at most {most} characters. Shorten it and send it again.",
        ),
    }
)
