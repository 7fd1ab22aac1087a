"""Moving tokens: work goes back to an activity that was done, and what followed from it is cancelled.

A move is decided by the diagram's structure and by what waits now, never by the tokens' past, which is
forgotten as a case goes on. Within the innermost branch that holds both places everything open is cancelled;
the finished work of other branches stands. What is not block-structured is not moved to.
"""

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import Diagram, Element
from engine.bpmn.stepping.effects import Host, Step
from engine.bpmn.stepping.moving.acting import move
from engine.bpmn.stepping.moving.places import Plans, Route, destinations, routes
from engine.bpmn.stepping.moving.reopening import Finished, item_of, region_of, route_to
from engine.bpmn.stepping.run import Run
from engine.bpmn.stepping.steps.taking import taking
from engine.bpmn.stepping.tokens import Token
from engine.errors import Conflict

__all__ = ["Finished", "following", "reject", "rejectable", "reopen", "send_back", "targets", "withdrawable"]


def targets(run: Run, token_id: int) -> list[Element]:
    """The activities that the task at `token_id` can be sent back to, in the order of the flow.

    By the structure alone: whether they were ever done is for the caller to know. Conflict if no task waits.
    """
    elements = run.program.diagram.elements
    return [elements[key] for key in routes(run, _waiting(run, token_id))]


def send_back(run: Run, token_id: int, element_id: str, host: Host) -> Step:
    """Send the task at `token_id` back to an activity; whatever followed from that one is cancelled.

    Conflict if no task waits there, or it can't be sent back to that activity.
    """
    token = _waiting(run, token_id)
    return _moved(run, token, routes(run, token).get(element_id), element_id, host)


def reject(run: Run, token_id: int, element_id: str, host: Host) -> Step:
    """Lead the task at `token_id` to an activity, back or ahead, as its node declares. Conflict as above."""
    token = _waiting(run, token_id)
    route = routes(run, token).get(element_id) or routes(run, token, onward=True).get(element_id)
    return _moved(run, token, route, element_id, host)


def _moved(run: Run, token: Token, route: Route | None, element_id: str, host: Host) -> Step:
    if route is None:
        to = run.program.diagram.elements.get(element_id)
        at = token.task_spec.element.label
        raise Conflict("bpmn.cannot_send_back", task=at, to=to.label if to else element_id)
    with taking(run, host) as step:
        move(run, route)
    return step


def rejectable(diagram: Diagram, element_id: str) -> frozenset[str]:
    """The ids of the activities to which a user task may lead when it is rejected: for lint."""
    plans, task = Plans(diagram, {}), diagram.elements[element_id]
    return frozenset(destinations(plans, task)) | frozenset(destinations(plans, task, onward=True))


def returnable(diagram: Diagram, element_id: str) -> frozenset[str]:
    """The ids of the activities to which a user task may be sent back: for lint."""
    return frozenset(destinations(Plans(diagram, {}), diagram.elements[element_id]))


def reopen(run: Run, done: Finished, host: Host) -> Step:
    """Open a finished activity again, and cancel what followed from it.

    An item of a multi-instance that is still under way is opened singly. Conflict if that cannot be done
    without discarding what others have finished, or the activity is open. Whether anything that followed
    was done already is for the caller to know (`following`).
    """
    item = item_of(run, done)
    route = None if item is not None else route_to(run, done)
    with taking(run, host) as step:
        if item is not None:
            item.parent.task_spec.reopen(item.parent, item)
        elif route is not None:
            move(run, route)
    return step


def following(run: Run, done: Finished) -> frozenset[str]:
    """The ids of all elements whose work reopening this activity would undo. Conflict as for `reopen`."""
    return frozenset() if item_of(run, done) is not None else region_of(run.program, route_to(run, done))


def withdrawable(run: Run, host: Host) -> bool:
    """Whether the applicant may withdraw the case now, as `take back` of the process says."""
    said = run.program.withdrawal
    run.host = host
    try:
        return said is not None and said.at(run, None) is True
    finally:
        run.host = None


def _waiting(run: Run, token_id: int) -> Token:
    token = run.token(token_id)
    if token is None or token._state != TaskState.READY or not token.task_spec.manual:
        raise Conflict("bpmn.not_waiting", token=token_id)
    return token
