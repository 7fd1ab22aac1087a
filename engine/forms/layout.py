"""What the page draws: each component with its words, value, options and limits, in one language.

Names are spelt as `entering` reads them, so what is drawn comes back as it was.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.errors import Problem
from engine.forms.model import MATERIAL_STATES, MAX_ITEMS, Component, Option, as_text, fields_of
from engine.forms.values import Rejected, clean, match
from engine.forms.views import FieldView, Offer, file_values, limit, step, widget, written
from engine.forms.visit import Visit


def lay_out(
    components: tuple[Component, ...],
    values: Mapping[str, Any],
    visit: Visit,
    language: str,
    problems: Iterable[Problem] = (),
) -> list[FieldView]:
    """The views of the form's components, for clean or raw `values`."""
    errors: dict[str, list[str]] = {}
    for problem in problems:
        errors.setdefault(problem.where, []).append(problem.say(language))
    drawing = _Drawing(language, errors, _asked_for(components))
    return drawing.views(components, values, visit, "")


def _asked_for(components: tuple[Component, ...]) -> frozenset[str]:
    """The names on which what is shown, offered or bounded depends."""
    names: set[str] = set()
    for component in components:
        judged = (e for e in component.expressions() if e is not component.default_from)
        names = names.union(*(expression.names for expression in judged))
        names |= _asked_for(component.children)
    return frozenset(names)


@dataclass(frozen=True)
class _Drawing:
    language: str
    errors: Mapping[str, list[str]]
    asked_for: frozenset[str]

    def views(
        self, components: tuple[Component, ...], values: Mapping[str, Any], visit: Visit, prefix: str
    ) -> list[FieldView]:
        return [self.view(component, values, visit, prefix) for component in components]

    def view(self, component: Component, values: Mapping[str, Any], visit: Visit, prefix: str) -> FieldView:
        hidden = visit.hidden(component)
        view = self._words(component, prefix, hidden, visit)
        if component.type == "group" and not component.key:
            return replace(view, children=self._group(component, values, visit, prefix, hidden))
        if not component.key:
            return view
        readonly = visit.readonly(component)
        raw = visit.kept.get(component.key) if readonly else values.get(component.key)
        view = replace(view, readonly=readonly, refreshes=component.key in self.asked_for)
        if component.is_section:
            return replace(view, children=self._section(component, raw, visit, f"{view.name}.", hidden))
        if component.type == "dynamiclist":
            view = self._list(component, view, raw, visit)
        elif component.type == "materials":
            view = self._materials(component, view, raw, visit)
        else:
            view = self._input(component, view, raw, visit)
        if hidden or not readonly:
            visit.enter(component.key, None if hidden else _judged(component, raw, visit))
        return view

    def _words(self, component: Component, prefix: str, hidden: bool, visit: Visit) -> FieldView:
        """What each view has, whether it takes input or not."""
        name = prefix + component.key if component.key else ""
        computed = visit.evaluate(component.text_from) if component.text_from is not None else None
        text = component.text.within(self.language) if component.text_from is None else as_text(computed)
        return FieldView(
            key=component.key,
            name=name,
            type=component.type,
            widget=component.kind.widget,
            label=component.label.within(self.language),
            hint=component.hint.within(self.language),
            text=text,
            hidden=hidden,
            columns=component.columns,
            error=" ".join(self.errors.get(name, ())) if name else "",
        )

    def _group(
        self, component: Component, values: Mapping[str, Any], visit: Visit, prefix: str, hidden: bool
    ) -> tuple[FieldView, ...]:
        """The fields of a group without a path. A hidden group hides them, and their values with them."""
        views = self.views(component.children, values, visit, prefix)
        if not hidden:
            return tuple(views)
        for inner, _ in fields_of(component.children):
            visit.enter(inner.key, None)
        return tuple(replace(view, hidden=True) for view in views)

    def _section(
        self, component: Component, raw: Any, visit: Visit, prefix: str, hidden: bool
    ) -> tuple[FieldView, ...]:
        """The fields of a group with a path, which conditions further down see as one context."""
        inner = raw if isinstance(raw, Mapping) else {}
        child = visit.inside(visit.kept.get(component.key))
        views = self.views(component.children, inner, child, prefix)
        entered = {one.key: child.known(one.key) for one, _ in fields_of(component.children)}
        visit.enter(component.key, None if hidden else entered)
        return tuple(views)

    def _list(self, component: Component, view: FieldView, raw: Any, visit: Visit) -> FieldView:
        items = [item if isinstance(item, Mapping) else {} for item in raw] if isinstance(raw, list) else []
        least = component.repetitions if component.fixed and not items else component.rules.min_items or 0
        items = (items + [{}] * (least - len(items)))[:MAX_ITEMS]
        kept = visit.kept.get(component.key)
        kept = kept if isinstance(kept, list) and component.fixed else []
        children = []
        for index, item in enumerate(items):
            own = kept[index] if index < len(kept) else None
            children.append(self._item(component, f"{view.name}[{index}]", item, visit.inside(own)))
        growing = not component.fixed and not view.readonly
        template = (
            self._item(component, f"{view.name}[__index__]", {}, visit.inside(None)) if growing else None
        )
        required = component.rules.required or bool(component.rules.min_items)
        return replace(
            view,
            children=tuple(children),
            template=template,
            growing=growing,
            required=required,
            multiple=True,
        )

    def _item(self, component: Component, name: str, values: Mapping[str, Any], visit: Visit) -> FieldView:
        children = tuple(self.views(component.children, values, visit, f"{name}."))
        error = " ".join(self.errors.get(name, ()))
        return FieldView(key="", name=name, type="item", widget="item", error=error, children=children)

    def _materials(self, component: Component, view: FieldView, raw: Any, visit: Visit) -> FieldView:
        given = match(raw)
        rows = []
        for index, option in enumerate(visit.options(component)):
            _, entry = given.get(option.text, (0, {}))
            rows.append(self._material(component, view, option, entry, f"{view.name}[{index}]", visit))
        return replace(view, children=tuple(rows), required=component.rules.required, multiple=True)

    def _material(
        self,
        component: Component,
        view: FieldView,
        option: Option,
        entry: Mapping[str, Any],
        name: str,
        visit: Visit,
    ) -> FieldView:
        label, readonly = option.label.within(self.language), view.readonly
        state = as_text(entry.get("state"))
        states = tuple(
            Offer(zh, en if self.language.startswith("en") else zh, zh == state) for zh, en in MATERIAL_STATES
        )
        files = replace(self._part(name, "files", "file", label, readonly), accept=",".join(component.accept))
        parts = (
            replace(self._part(name, "code", "hidden", label, readonly), value=option.text),
            replace(self._part(name, "state", "radio", label, readonly), value=state, options=states),
            replace(files, multiple=True, **file_values(entry.get("files"), visit)),
        )
        row = FieldView(key=option.text, name=name, type="material", widget="material", label=label)
        error = " ".join(self.errors.get(name, ()))
        return replace(
            row, error=error, core=option.core, tolerable=option.tolerable, readonly=readonly, children=parts
        )

    def _part(self, name: str, key: str, widget: str, label: str, readonly: bool) -> FieldView:
        error = " ".join(self.errors.get(f"{name}.{key}", ()))
        return FieldView(key, f"{name}.{key}", "material-part", widget, label, error=error, readonly=readonly)

    def _input(self, component: Component, view: FieldView, raw: Any, visit: Visit) -> FieldView:
        """A component that takes one value, or several of one list."""
        rules, kind = component.rules, component.kind
        view = replace(
            view,
            widget=widget(component),
            required=rules.required,
            multiple=component.multiple or component.several and kind.widget != "file",
            accept=",".join(component.accept),
            rows=component.rows,
            min=limit(rules.minimum, visit),
            max=limit(rules.maximum, visit),
            step=step(component),
            minlength=rules.min_length,
            maxlength=(kind.length or None) if rules.max_length is None else rules.max_length,
            inputmode=component.inputmode,
            autocomplete=component.autocomplete,
            placeholder=component.placeholder.within(self.language),
        )
        if kind.widget == "file":
            return replace(view, **file_values(raw, visit))
        if component.type == "checkbox":
            return replace(view, value=raw is True or as_text(raw).lower() in ("true", "on", "1", "yes"))
        texts = (
            [written(one) for one in raw] if isinstance(raw, list) else [] if raw is None else [written(raw)]
        )
        value: Any = texts if component.several else texts[0] if texts else ""
        return replace(view, value=value, options=self._offers(component, texts, visit))

    def _offers(self, component: Component, chosen: list[str], visit: Visit) -> tuple[Offer, ...]:
        if not component.kind.chooses:
            return ()
        options = visit.options(component)
        return tuple(Offer(o.text, o.label.within(self.language), o.text in chosen) for o in options)


def _judged(component: Component, raw: Any, visit: Visit) -> Any:
    """What conditions further down see of a value that may still be raw."""
    if component.type == "dynamiclist":
        return raw
    try:
        return clean(component, raw, visit)
    except Rejected:
        return None
