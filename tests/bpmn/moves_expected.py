"""Where work can go back to in a diagram of blocks, and what stands afterwards: by the tree alone."""

from typing import Any

from tests.bpmn.blocks import Block
from tests.bpmn.moves_model import Line, Place, Round, Scope, Sides, Sub, Way, World, begin, scopes


def entries(block: Block, looping: bool = False) -> list[str]:
    """The tasks of a block that can be begun singly; a whole sub-process where it has instances.

    Going round a loop (`looping`), nothing between parallel branches: the others' work isn't done this time.
    """
    if block.kind == "task":
        return [block.key]
    if block.kind == "sub":
        inner = [block.key] if block.loop else entries(block.inner[0], looping)
        return [*inner, *([f"u{block.key}"] if block.edge else [])]
    if block.kind in ("par", "or") and looping:
        return []
    return [key for one in block.inner for key in entries(one, looping)]


def targets(chain: Place) -> set[str]:
    """What a task can be sent back to: `chain` are the places from the process down to it."""
    found: set[str] = set()
    for depth in range(len(chain) - 2, -1, -1):
        place, below = chain[depth], chain[depth + 1]
        found |= _targets_at(chain, depth, place, below)
        if isinstance(place, Scope) and depth and not isinstance(chain[depth - 1], Sub):
            break  # the body of an event sub-process
    return found


def _targets_at(chain: Place, depth: int, place: Any, below: Any) -> set[str]:
    if isinstance(place, Line):
        before = {key for one in place.block.inner[: place.at] for key in entries(one)}
        later = place.block.inner[place.at + 1 :] if _round(chain, depth) else []
        return before | {key for one in later for key in entries(one, looping=True)}
    if isinstance(place, Sub) and place.instead is below:
        return set(entries(Block("sub", place.block.key, place.block.inner, loop=place.block.loop)))
    if isinstance(place, Sub) and place.block.edge and _round(chain, depth):
        return {f"u{place.block.key}"}
    return set()


def onward(chain: Place) -> set[str]:
    """What a task can be led ahead to: nothing between parallel branches that haven't begun."""
    found: set[str] = set()
    for depth in range(len(chain) - 2, -1, -1):
        found |= _onward_at(chain[depth])
        if isinstance(chain[depth], Scope) and depth and not isinstance(chain[depth - 1], Sub):
            break
    return found


def _onward_at(place: Any) -> set[str]:
    if isinstance(place, Line):
        return {key for one in place.block.inner[place.at + 1 :] for key in entries(one, looping=True)}
    if isinstance(place, Sub) and place.block.edge and place.instead is None:
        return {f"u{place.block.key}"}
    return set()


def ahead(chain: Place, key: str, world: World) -> None:
    """Lead a task ahead to `key`: from the innermost place around it that leads there."""
    place = next(place for place in reversed(chain[:-1]) if key in _onward_at(place))
    go(place, key, world)


def _round(chain: Place, depth: int) -> bool:
    """Whether a loop within the same branch leads round."""
    for place in reversed(chain[:depth]):
        if isinstance(place, Round):
            return True
        if isinstance(place, Scope | Sides):
            return False
    return False


def holds(block: Block, key: str) -> bool:
    if block.key == key or (block.kind == "sub" and block.edge and key == f"u{block.key}"):
        return True
    return any(holds(one, key) for one in block.inner)


def entered(block: Block, way: Way, key: str, world: World) -> Any:
    """The block with its task at `key` open: all before it is done, all beside it stands."""
    made = begin(block, way, world)
    if block.kind == "seq":
        made.at = next(i for i, one in enumerate(block.inner) if holds(one, key))
        made.now = entered(block.inner[made.at], way, key, world)
    elif block.kind in ("par", "or"):
        made.parts = [entered(one, way, key, world) if holds(one, key) else None for one in block.inner]
    elif block.kind == "rep":
        made.now = entered(block.inner[0], way, key, world)
    elif block.kind == "sub" and key == f"u{block.key}":
        made.interrupt()
    elif block.kind == "sub" and key != block.key:
        inner = (*way, (block.key, 0))
        made.alive = [Scope(block, inner, world, entered(block.inner[0], inner, key, world))]
    return made


def go(place: Any, key: str, world: World) -> None:
    """Let the flow of the block at `place` stand at `key` again."""
    made = entered(place.block, place.way, key, world)
    place.__dict__.update(made.__dict__)


def back(chain: Place, key: str, world: World) -> None:
    """Send a task back to `key`: from the innermost place around it that leads there."""
    for depth in range(len(chain) - 2, -1, -1):
        place, below = chain[depth], chain[depth + 1]
        if key in _targets_at(chain, depth, place, below):
            go(place, key, world)
            return
    raise AssertionError(f"{key} is no target")


def restored(before: Scope, after: Scope) -> Scope:
    """The tree as it was before a step that is taken back. A scope that had ended listens for all anew."""
    alive = {scope.way for scope in scopes(after)}
    for scope in scopes(before):
        if scope.way not in alive:
            scope.listening, scope.begun = {one.event: one for one in scope.block.asides}, {}
    return before
