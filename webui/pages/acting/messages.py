"""What the actions' pages say to a person."""

from engine.errors import teach

teach(
    {
        "acting.choose_place": ("请选择退回到哪个环节。", "Choose the step it goes back to."),
    }
)
