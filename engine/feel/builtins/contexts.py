"""Built-in functions on contexts."""

from typing import Any

from engine.feel.builtins.registry import builtin

Context = dict[str, Any]


@builtin("get value(m: context, key: string)")
def _get_value(context: Context, key: str) -> Any:
    return context.get(key)


@builtin("get value(context: context, keys: list)")
def _get_value_deep(context: Any, keys: list[Any]) -> Any:
    for key in keys:
        context = context.get(key) if type(context) is dict and type(key) is str else None
    return context if keys else None


@builtin("get entries(m: context)")
def _get_entries(context: Context) -> list[Context]:
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context(entries: list)")
def _context(entries: list[Any]) -> Context | None:
    """A context of `{key, value}` entries; null when a key is missing, no text, or there twice."""
    made: Context = {}
    for entry in entries:
        if type(entry) is not dict or "value" not in entry or type(entry.get("key")) is not str:
            return None
        if entry["key"] in made:
            return None
        made[entry["key"]] = entry["value"]
    return made


@builtin("context put(context: context, key: string, value: Any)")
def _context_put(context: Context, key: str, value: Any) -> Context:
    return {**context, key: value}


@builtin("context put(context: context, keys: list, value: Any)")
def _context_put_deep(context: Any, keys: list[Any], value: Any) -> Any:
    if not keys or type(keys[0]) is not str or type(context) is not dict:
        return None
    if len(keys) == 1:
        return _context_put(context, keys[0], value)
    inner = _context_put_deep(context.get(keys[0], {}), keys[1:], value) if len(keys) <= 50 else None
    if inner is None:
        return None
    return {**context, keys[0]: inner}


@builtin("context merge(contexts: list)")
def _context_merge(contexts: list[Any]) -> Context | None:
    if any(type(one) is not dict for one in contexts):
        return None
    return {key: value for one in contexts for key, value in one.items()}
