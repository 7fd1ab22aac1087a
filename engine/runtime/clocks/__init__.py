"""The clocks of cases: reminding of deadlines, stopping and resuming, counting anew on another calendar."""

from engine.runtime.clocks.recounting import recount_cases
from engine.runtime.clocks.reminding import next_moment, remind_due
from engine.runtime.clocks.stopping import may_stop, resume, stop

__all__ = ["may_stop", "next_moment", "recount_cases", "remind_due", "resume", "stop"]
