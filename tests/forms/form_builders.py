"""Small builders for form files, a host that knows a little, and a browser that posts what it was shown."""

import json
import re
from datetime import UTC, datetime
from types import SimpleNamespace

from werkzeug.datastructures import MultiDict

from engine import forms
from engine.errors import Invalid

NOW = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)  # Wednesday, 10:00 in Shanghai
USCC = "91441802MA4X1Q2T0K"


class Host:
    """Two departments, one with officers; one enterprise; two files."""

    def departments(self):
        return [("fgj", "发展和改革局"), ("zjj", "住房和城乡建设局")]

    def officers(self, department):
        return [("u1", "张三"), ("u2", "李四")] if department == "fgj" else []

    def enterprise(self, uscc):
        return "清远某某公司" if uscc == USCC else None

    def file(self, id):
        known = {"f1": ("说明.pdf", "application/pdf"), "f2": ("照片.jpg", "image/jpeg")}
        if id not in known:
            return None
        name, kind = known[id]
        return SimpleNamespace(id=id, name=name, content_type=kind)


def source(*components, **top):
    """The text of a form file."""
    return json.dumps({"type": "default", "id": "f", "title": "测试", "components": components, **top})


def form(*components, **top):
    return forms.read(source(*components, **top), "test/form")


def field(type, key, label="字段", **rest):
    return {"type": type, "key": key, "label": label, **rest}


def options(*values):
    return [{"value": value, "label": f"选项 {value}"} for value in values]


def check(form, data, variables=None, **rest):
    return form.validate(data, variables=variables or {}, choices=Host(), now=NOW, **rest)


def problems(form, data, variables=None, **rest):
    """The problems as {where: code}, or {} when everything was right."""
    try:
        check(form, data, variables, **rest)
    except Invalid as error:
        return {problem.where: problem.code for problem in error.problems}
    return {}


def file_problems(text):
    """The codes of what is wrong with a form file."""
    try:
        forms.read(text, "test/form")
    except Invalid as error:
        for problem in error.problems:
            for language in ("zh", "en"):
                assert not re.search(r"\{[a-z_]+\}", problem.say(language))
        return [problem.code for problem in error.problems]
    return []


def post(views):
    """What a browser would send for these views, as they are drawn."""
    sent = MultiDict()
    for view in views:
        if view.hidden or view.readonly:
            continue
        if view.children:
            sent.update(post(view.children))
        elif view.widget == "checkbox":
            if view.value:
                sent.add(view.name, "on")
        elif view.multiple or view.widget == "file":
            for one in view.value:
                sent.add(view.name, one)
        elif view.options:
            for one in view.options:
                if one.selected:
                    sent.add(view.name, one.value)
        elif view.name:
            sent.add(view.name, view.value.replace("\n", "\r\n"))
    return sent
