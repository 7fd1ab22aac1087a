"""What absence does to tasks: who gets what opens, and who hears of it."""

from engine.runtime.deputies import messages as messages
from engine.runtime.deputies.arriving import arrive, besides
from engine.runtime.deputies.keeping import begin_absence, end_absence, processes
from engine.runtime.deputies.placing import Placed, keepers_of, place, wait_for
from engine.runtime.deputies.telling import next_telling, tell_absences

__all__ = [
    "Placed",
    "arrive",
    "besides",
    "begin_absence",
    "end_absence",
    "keepers_of",
    "next_telling",
    "place",
    "processes",
    "tell_absences",
    "wait_for",
]
