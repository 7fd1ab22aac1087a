"""Absence and deputies (代理): who takes what arrives for somebody who is away, and who may see to it.

A rule holds for a person in a period, for all processes or one: `move` gives what arrives to the deputy,
`share` leaves it with the person and lets the deputy do it too. Group tasks know no absence. A rule says
nothing about tasks that were there before it: those are handed over, see engine.runtime.deputies.
"""

from engine.identity.absence import messages as messages
from engine.identity.absence.backups import backup_of, backups, set_backup
from engine.identity.absence.following import Desk, Standing, deputy_of, desks, principals, standing
from engine.identity.absence.keepers import Person, deputies_for, may_deputise, may_keep, people_of, person
from engine.identity.absence.periods import LONGEST, period
from engine.identity.absence.rules import HOW, Absence, end, listed, make, read, to_tell

__all__ = [
    "HOW",
    "LONGEST",
    "Absence",
    "Desk",
    "Person",
    "Standing",
    "backup_of",
    "backups",
    "deputies_for",
    "deputy_of",
    "desks",
    "end",
    "listed",
    "make",
    "may_deputise",
    "may_keep",
    "people_of",
    "period",
    "person",
    "principals",
    "read",
    "set_backup",
    "standing",
    "to_tell",
]
