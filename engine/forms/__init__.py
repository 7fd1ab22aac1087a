"""Forms: from a form file to validated FEEL values, and to what the page draws.

form = forms.read(text, "appeal/submit")
values = form.validate(data, variables=variables, choices=choices, now=now)
views = form.layout(form.prefill(variables), variables, choices)
"""

from engine.forms import files, messages
from engine.forms.form import Form, FormSchema
from engine.forms.model import Choices, Component, NoChoices, Option, Words
from engine.forms.reading import HOST_FUNCTIONS, read, read_folder
from engine.forms.texts import about_people, written
from engine.forms.views import FieldView, Offer

__all__ = [
    "HOST_FUNCTIONS",
    "Choices",
    "Component",
    "FieldView",
    "Form",
    "FormSchema",
    "NoChoices",
    "Offer",
    "Option",
    "Words",
    "about_people",
    "files",
    "messages",
    "read",
    "read_folder",
    "written",
]
