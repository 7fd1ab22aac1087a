"""Rules of the pages' own house: access, templates, transactions, words in two languages."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask

WEBUI = Path(__file__).parents[2] / "webui"
TEMPLATES = sorted((WEBUI / "templates").rglob("*.html"))
ENGLISH = WEBUI / "translations" / "en" / "LC_MESSAGES"


def test_every_route_names_its_readers(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] == "static" or rule.rule.startswith("/api"):
            continue
        readers = getattr(app.view_functions[rule.endpoint], "access_rule", None)
        assert readers, f"{rule.rule} has no access rule"


def test_only_signing_in_and_out_is_public(app: Flask) -> None:
    public = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "public" in getattr(app.view_functions[rule.endpoint], "access_rule", ())
        and not rule.rule.startswith("/api")
    }
    assert public == {"/sign-in", "/sign-out"}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_an_inline_script_or_style(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert "<style" not in text and "|safe" not in text and "http" not in text.replace("http-equiv", "")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_chinese_word_of_a_template_stands_in_the_catalogue(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S)
    text = re.sub(r"_\((\"[^\"]*\"|'[^']*')", "", text)
    left = re.findall(r"[\u4e00-\u9fff]+", text)
    assert set(left) <= {"直", "中文"}, left  # the seal, and the name of the other language in itself


def test_every_post_form_of_a_template_carries_its_tokens() -> None:
    for path in TEMPLATES:
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text(), flags=re.S):
            assert "csrf_token" in form or "tokens()" in form, path.name


def test_pages_leave_transactions_to_the_edge() -> None:
    for path in [*(WEBUI / "pages").glob("*.py"), *(WEBUI / "present").glob("*.py")]:
        text = path.read_text()
        assert ".commit(" not in text and ".writing(" not in text and "db.session" not in text, path.name


def written() -> dict[str, str]:
    with (ENGLISH / "messages.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id}


def test_every_sentence_is_said_in_english_too() -> None:
    methods = [("**.py", "python"), ("templates/**.html", "jinja2")]
    said = extract_from_dir(str(WEBUI), methods, keywords={"_": None, "gettext": None})
    used = {message for _file, _line, message, _comments, _context in said}
    catalogue = written()
    assert {sentence for sentence in used if not catalogue.get(sentence)} == set()
    assert set(catalogue) - used == set(), "sentences that nobody says any more"


def test_the_compiled_catalogue_is_the_one_that_was_written() -> None:
    with (ENGLISH / "messages.mo").open("rb") as file:
        compiled = {str(m.id): str(m.string) for m in read_mo(file) if m.id}
    assert compiled == written()
