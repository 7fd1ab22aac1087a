"""What a form is made of: its components, the types they may have, and what it asks of its host.

Everything here is immutable and belongs to the form file; nothing depends on a case. The types of
form-js keep their names and meanings; the types of our own stand beside them in one table.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Protocol

from engine import feel

MAX_BYTES = 256 * 1024
MAX_COMPONENTS = 400
MAX_DEPTH = 6
MAX_OPTIONS = 2000
MAX_ITEMS = 200
MAX_FILES = 20


@dataclass(frozen=True)
class Type:
    """What the engine knows of a component's type. `widget` is what the page draws."""

    widget: str
    length: int = 0  # the most characters a text may have when the file does not say
    chooses: bool = False  # its value is one (or some) of a list
    several: bool = False  # its value is always a list
    holds: bool = False  # it holds other components
    speaks: bool = True  # it sets a value
    hints: tuple[str, str] = ("", "")  # inputmode and autocomplete of the HTML element


TYPES: Mapping[str, Type] = MappingProxyType(
    {
        "textfield": Type("text", length=500),
        "textarea": Type("textarea", length=20_000),
        "number": Type("number", hints=("decimal", "off")),
        "datetime": Type("date", hints=("", "off")),
        "checkbox": Type("checkbox"),
        "checklist": Type("checkboxes", chooses=True, several=True),
        "radio": Type("radio", chooses=True),
        "select": Type("select", chooses=True),
        "taglist": Type("tags", chooses=True, several=True),
        "filepicker": Type("file", several=True),
        "group": Type("group", holds=True, speaks=False),
        "dynamiclist": Type("list", holds=True, several=True),
        "text": Type("text-block", speaks=False),
        "separator": Type("separator", speaks=False),
        "spacer": Type("spacer", speaks=False),
        # our own
        "uscc": Type("text", length=40, hints=("text", "off")),
        "cn-phone": Type("text", length=40, hints=("tel", "tel")),
        "cn-id": Type("text", length=40, hints=("text", "off")),
        "department": Type("select", chooses=True),
        "officer": Type("select", chooses=True),
        "enterprise": Type("text", length=40, hints=("text", "off")),
        "satisfaction": Type("radio", chooses=True),
        "materials": Type("materials", several=True),
    }
)

SATISFACTION = (
    ("非常满意", "Very satisfied"),
    ("满意", "Satisfied"),
    ("基本满意", "Fairly satisfied"),
    ("不满意", "Dissatisfied"),
    ("非常不满意", "Very dissatisfied"),
)
MATERIAL_STATES = (("齐全", "Complete"), ("缺件", "Missing"), ("不符合", "Not conforming"))


@dataclass(frozen=True)
class Words:
    """A text in Chinese, and in English where the file has one."""

    zh: str = ""
    en: str = ""

    def within(self, language: str) -> str:
        return self.en if self.en and language.startswith("en") else self.zh


@dataclass(frozen=True)
class Option:
    """One thing to choose. `core` (主审要件) and `tolerable` (可容缺) speak of a material."""

    value: Any
    label: Words
    core: bool = False
    tolerable: bool = False

    @property
    def text(self) -> str:
        """The value as a web form sends it."""
        return as_text(self.value)


def as_text(value: Any) -> str:
    """A value as it stands in an HTML attribute."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else str(value)


Bound = Decimal | str | feel.Expression | None


@dataclass(frozen=True)
class Rules:
    """What a value must fulfil. `minimum` and `maximum` may be FEEL; `pattern` must fit the whole text."""

    required: bool = False
    min_length: int | None = None
    max_length: int | None = None
    minimum: Bound = None
    maximum: Bound = None
    pattern: Any = None  # a compiled re2 pattern
    pattern_message: Words = Words()
    min_items: int | None = None
    max_items: int | None = None


@dataclass(frozen=True)
class Component:
    """One component of a form file. `key` is empty for what sets no value; `where` names it for a reader."""

    type: str
    key: str
    where: str
    label: Words = Words()
    hint: Words = Words()
    text: Words = Words()
    text_from: feel.Expression | None = None
    rules: Rules = Rules()
    options: tuple[Option, ...] = ()
    options_from: feel.Expression | None = None
    within: feel.Expression | str | None = None  # the department whose officers can be chosen
    hide: feel.Expression | None = None
    readonly: bool | feel.Expression = False
    default: Any = None
    default_from: feel.Expression | None = None
    subtype: str = ""
    multiple: bool = False
    accept: tuple[str, ...] = ()
    digits: int | None = None
    increment: Decimal | None = None
    no_past: bool = False
    fixed: bool = False  # a dynamic list whose number of items the reader cannot change
    repetitions: int = 1
    prefilled: bool = True
    rows: int = 4
    columns: int | None = None
    inputmode: str = ""
    autocomplete: str = ""
    placeholder: Words = Words()
    properties: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    children: tuple["Component", ...] = ()

    @property
    def kind(self) -> Type:
        return TYPES[self.type]

    @property
    def several(self) -> bool:
        """Whether the value is a list."""
        return self.kind.several or self.multiple

    @property
    def is_section(self) -> bool:
        """A group with a path: its fields live in a context of their own."""
        return self.type == "group" and self.key != ""

    def facts(self) -> dict[str, str]:
        """The label in both languages, for the sentences about this component."""
        label = self.label.zh or self.key
        return {"label": label, "label_en": self.label.en or label}

    def expressions(self) -> Iterator[feel.Expression]:
        """Each FEEL expression of this component itself, not of those it holds."""
        candidates = (
            self.hide,
            self.readonly,
            self.options_from,
            self.within,
            self.default_from,
            self.text_from,
            self.rules.minimum,
            self.rules.maximum,
        )
        yield from (c for c in candidates if isinstance(c, feel.Expression))


def fields_of(
    components: tuple[Component, ...], around: tuple[Component, ...] = ()
) -> Iterator[tuple[Component, tuple[Component, ...]]]:
    """Each component that sets a value in this scope, with the groups without a path around it."""
    for component in components:
        if component.type == "group" and not component.key:
            yield from fields_of(component.children, (*around, component))
        elif component.key:
            yield component, around


class Attached(Protocol):
    """What a form must know of a file that was uploaded."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def content_type(self) -> str: ...


class Choices(Protocol):
    """What a form asks of its host. It answers only with what this reader may see and use."""

    def departments(self) -> list[tuple[str, str]]:
        """Code and name of each department that can be chosen."""
        ...

    def officers(self, department: str) -> list[tuple[str, str]]:
        """Id and name of each officer of the department."""
        ...

    def enterprise(self, uscc: str) -> str | None:
        """The enterprise's name, or None when the platform does not know it."""
        ...

    def file(self, id: str) -> Attached | None:
        """The uploaded file, or None when it does not exist or is not for this reader."""
        ...


class NoChoices:
    """A host that knows nothing: for forms that ask it nothing."""

    def departments(self) -> list[tuple[str, str]]:
        return []

    def officers(self, department: str) -> list[tuple[str, str]]:
        return []

    def enterprise(self, uscc: str) -> str | None:
        return None

    def file(self, id: str) -> Attached | None:
        return None
