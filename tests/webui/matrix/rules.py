"""What the access table must satisfy, written by hand from the words of the design, not from the code.

- The service centre, the control centre, supervisors, leaders and auditors read every case, confidential
  or not. Administrators and analysts keep the house, not its files: they read none.
- A department reads the cases it was ever given; of confidential ones (保密) only its administrators do,
  besides those who work on them.
- Whoever works on a case, may take a task of it, has worked on it or was sent a copy reads it; so does the
  deputy of whoever has an open task of it. Following a case opens nothing.
- An enterprise reads its own cases. To it another's do not exist.
- A task is claimed and completed by those it waits for; one that waits for nobody, by nobody.
- Who only looks changes nothing.
"""

from tests.webui.matrix.answers import LATER, NO, NONE, SIGN_IN, UNFIT, YES

# person -> whether they read a case, and a confidential one
SEES = {
    "nobody": (False, False),
    "platform": (True, True),
    "control-centre": (True, True),
    "supervisor": (True, True),
    "leader": (True, True),
    "project-office": (False, False),
    "liaison": (False, False),
    "city-team": (False, False),
    "administrator": (False, False),
    "analyst": (False, False),
    "auditor": (True, True),
    "own admin": (True, True),
    "own handler": (True, False),
    "other admin": (False, False),
    "other handler": (False, False),
    "holder": (True, True),
    "candidate": (True, True),
    "performer": (True, True),
    "copied": (True, True),
    "follower": (False, False),
    "deputy": (True, True),
    "excluded": (True, True),
    "own enterprise": (True, True),
    "other enterprise": (False, False),
}
ALLOWED = {YES, LATER, UNFIT}  # what tells that one may
CLOSED = {NO, NONE, SIGN_IN}
ENTERPRISES = {"own enterprise", "other enterprise"}

PUBLIC = {
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("GET", "/api/v1/openapi.json"),
    ("POST", "/api/v1/token"),
}

# By these a case is read: they are open to exactly those who see it (enterprises: where True).
READING = {
    "/cases/<case_id>": True,
    "/cases/<case_id>/print": True,
    "/cases/<case_id>/diagram.bpmn": False,  # it names what is internal
    "/cases/<case_id>/diagram.json": False,
    "/api/v1/cases/<case>": True,
    "/api/v1/cases/<case>/history": True,
    "/api/v1/cases/<case>/diagram": True,
    "/api/v1/cases/<case>/deadlines": True,
    "/api/v1/cases/<case>/notices": False,
    "/api/v1/cases/<case>/outlook": True,
    "/api/v1/cases/<case>/rounds": True,
    "/api/v1/cases/<case>/opinions": False,
    "/api/v1/cases/<case>/files": True,
    "/api/v1/cases/<case>/values": True,
    "/api/v1/cases/<case>/messages": True,
    "/files/<file_id>": True,
    "/api/v1/files/<file>": True,
}

# act -> kind of task -> who may. Acts that are not named here: at most those who see the case.
ACTS = {
    "claim": {
        "offered": {"candidate"},
        "held": {"holder"},  # claiming one's own again changes nothing
        "enterprise": {"own enterprise"},
        "orphan": set(),
    },
    "release": {"offered": set(), "held": {"holder"}, "enterprise": set(), "orphan": set()},
    "complete": {
        "offered": {"candidate"},
        "held": {"holder", "deputy"},  # who shares the holder's desk finishes it for them
        "enterprise": {"own enterprise"},
        "orphan": set(),
    },
}
NAMES = {
    "/tasks/<task_id>": "complete",
    "/tasks/<task_id>/claim": "claim",
    "/tasks/<task_id>/release": "release",
    "/api/v1/tasks/<task>/complete": "complete",
    "/api/v1/tasks/<task>/claim": "claim",
    "/api/v1/tasks/<task>/release": "release",
}

# They read cases and do nothing in them; but what a reader does for himself alone is theirs too, and asking
# for a task (催办), which changes neither the task nor the case.
ONLY_LOOK = {"leader", "auditor", "copied", "own handler"}
FOR_ONESELF = ("follow", "unfollow", "read", "seen", "urge")  # how the address of such an act ends
OWN = {("DELETE", "/api/v1/tasks/<task>/draft")}  # one's own draft, which is gone where there is none

# Where only these roles may come, whatever the method.
KEPT = {
    "/api/v1/accounts": {"administrator"},
    "/calendar/": {"control-centre"},
    "/rules/edit": {"control-centre"},
    "/whatif": {"analyst", "control-centre"},
    "/api/v1/whatif": {"analyst", "control-centre"},
    "/incidents": {"administrator", "control-centre"},
    "/api/v1/incidents": {"administrator", "control-centre"},
}
# Enterprises have no business here.
STAFF_ONLY = ("/inbox", "/cases", "/calendar", "/rules", "/assessments", "/whatif", "/incidents")
