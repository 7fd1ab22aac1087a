"""A file that says something wrongly is refused, before anything runs, with its line and the mend."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine import scenarios
from engine.errors import Invalid
from engine.scenarios.reading import MAX_BYTES, documents

START = "scenario: 甲\nsteps:\n  - at: 2026-03-11 09:00\n"
WORDS = ("scenario", "steps", "at", "as", "start", "with", "expect", "tasks", "name", "due", "pieces", "play")


@pytest.fixture
def wrong(tmp_path):
    """The code, line and English sentence with which a text is refused."""

    def refused(text):
        file = tmp_path / "wrong.yaml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(Invalid) as error:
            scenarios.scenarios_in(file)
        return error.value.code, int(error.value.facts["where"].rpartition(":")[2]), error.value.say("en")

    return refused


@pytest.mark.parametrize(
    ("text", "code", "line", "sentence"),
    [
        ("steps: []\n", "missing", 1, "scenario is missing"),
        ("scenario: 甲\n", "missing", 1, "steps is missing"),
        ("- a\n- b\n", "missing", 1, "scenario is missing"),
        ("scenario: 甲\nstep: []\n", "unknown_word", 2, "Did you mean steps"),
        ("scenario: 甲\nsteps: {a: 1}\n", "wrong_kind", 2, "steps takes a list"),
        ("scenario: 甲\nsteps: [at]\n", "wrong_kind", 2, "at takes the form"),
        ("scenario: 甲\nsteps:\n  - as: platform\n", "no_clock", 3, "at: 2026-03-11 09:00"),
        (START + "  - clam: 研判\n", "unknown_word", 4, "Did you mean claim"),
        (START + "  - xyzzy: 研判\n", "unknown_word", 4, "Known are: at, advance to"),
        (START + "  - expect:\n      statis: 办结\n", "unknown_word", 5, "Did you mean status"),
        (START + "  - expect: {tasks: [{nam: a}]}\n", "unknown_word", 4, "Did you mean name"),
        (START + "  - expect: {tasks: [{due: none}]}\n", "missing", 4, "name is missing"),
        (START + "  - expect: {offers: [{name: a, to: b}]}\n", "missing", 4, "actions is missing"),
        (START + "  - expect: {offers: [{name: a, actions: []}]}\n", "missing", 4, "to is missing"),
        (START + "  - expect: {offers: [{name: a, to: b, actions: 放}]}\n", "wrong_kind", 4, "takes a list"),
        (START + "  - expect: {offers: [{name: a, to: b, actions: [转包]}]}\n", "unknown_word", 4, "转办"),
        (START + "  - expect: {drafts: [{name: a, to: b}]}\n", "missing", 4, "values is missing"),
        (START + "  - expect: {tasks: 签收}\n", "wrong_kind", 4, "tasks takes a list"),
        (START + "  - expect: {tasks: [{name: a, candidates: b}]}\n", "wrong_kind", 4, "takes a list"),
        (START + "  - expect: {case: {statuss: a}}\n", "unknown_word", 4, "statuss"),
        (START + "  - expect: {stored bytes below: many}\n", "wrong_kind", 4, "a whole number"),
        (START + "  - {claim: a, complete: b}\n", "two_actions", 4, "claim, complete"),
        (START + "  - {as: a, with: {b: c}}\n", "needs_action", 4, "with belongs"),
        (START + "  - {start: a, of: b}\n", "needs_action", 4, "claim, release, complete"),
        (START + "  - {at: 2026-03-11 09:00, refused: a}\n", "needs_action", 4, "refused belongs"),
        (START + "  - {at: 2026-03-11, as: a}\n", "moment", 4, "2026-03-11 is not a moment"),
        (START + "  - publish year: next\n", "wrong_kind", 4, "a whole number"),
        (START + "  - set rules: soon\n", "moment", 4, "soon is not a moment"),
        (START + "  - at: 2026-02-30 09:00\n", "moment", 4, "is not a moment"),
        (START + "  - expect: {timers: [{name: a, due: soon}]}\n", "moment", 4, "soon is not a moment"),
        (START + "  - {at: 2026-03-11 09:00, advance to: 2026-03-11 10:00}\n", "twice", 4, "at is"),
        (START + "    at: 2026-03-11 10:00\n", "twice", 4, "at is given twice"),
        (START + "  - {start: a, with: {title: b, title: c}}\n", "twice", 4, "title is given twice"),
        (START + "  - play: 派发\n", "no_piece", 4, "派发"),
        (START + "  - {play: 派发, as: a}\n", "unknown_word", 4, "as is not a word"),
        (START + "  - {repeat: 2}\n", "missing", 4, "steps is missing"),
        (START + "  - {repeat: often, steps: []}\n", "wrong_kind", 4, "a whole number"),
        (START + "  - {claim: $task}\n", "no_value", 4, "$task has no value"),
        (START + "  - {claim: [a]}\n", "wrong_kind", 4, "claim takes a text"),
        ("scenario: 甲\nsteps: [\n", "yaml", 3, "not well-formed"),
        ("scenario: 甲\nsteps: *nowhere\n", "yaml", 2, "nowhere"),
        (START + "  - {start: !!python/object:os.system a}\n", "yaml", 4, "python/object"),
        (START + "  - {start: !secret a}\n", "yaml", 4, "!secret"),
        (b"scenario: \xff\xfe\n", "yaml", 1, "not well-formed"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_line_and_the_mend(wrong, text, code, line, sentence):
    found = wrong(text)

    assert found[:2] == (f"scenarios.{code}", line)
    assert sentence in found[2]


def test_the_pieces_of_one_folder_have_each_one_meaning_and_do_not_play_themselves(wrong):
    assert wrong("pieces: {a: []}\n---\npieces: {a: []}\n")[0] == "scenarios.twice"
    circle = "pieces:\n  a:\n    - play: b\n  b:\n    - play: a\n---\n" + START + "  - play: a\n"
    assert wrong(circle)[:2] == ("scenarios.circle", 5)


def test_a_piece_of_another_file_in_the_folder_may_be_played(tmp_path):
    (tmp_path / "pieces.yaml").write_text("pieces:\n  等:\n    - at: $when\n")
    file = tmp_path / "a.yaml"
    file.write_text(START + "  - {play: 等, with: {when: 2026-03-12 10:00}}\n")

    (scenario,) = scenarios.scenarios_in(file)

    assert [step.place.line for step in scenario.steps] == [3, 3]
    assert scenarios.scenarios_in(tmp_path / "pieces.yaml") == []


def test_aliases_that_unfold_without_end_are_refused(wrong):
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for n in range(1, 9):
        bomb += f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n"

    assert wrong(bomb)[0] == "scenarios.too_much"
    assert wrong("a: &a [*a]\n")[0] == "scenarios.too_much"


def test_what_is_too_large_too_deep_or_too_often_is_refused(wrong):
    assert wrong("#" * (MAX_BYTES + 1))[0] == "scenarios.too_large"
    assert wrong("a: " + "[" * 100_000)[0] in ("scenarios.too_much", "scenarios.yaml")
    assert wrong("a: " + "[" * 30 + "]" * 30)[0] == "scenarios.too_much"
    many = "  - repeat: 99\n    steps:\n      - repeat: 99\n        steps: [{as: a}]\n"
    assert wrong(START + many)[0] == "scenarios.too_much"
    assert wrong(START + "  - {repeat: 1000000000000, steps: [{as: a}]}\n")[0] == "scenarios.too_much"


def test_scalars_are_read_as_json_reads_them(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text("a: [yes, 17:00, 2026-03-11, 0012, 1_000, 0x1f, 1.50, -3, true, null, ~, '5', 1e5, .5]\n")

    (table,) = documents(file)

    assert [str(v) for v in table["a"]] == [
        "yes", "17:00", "2026-03-11", "0012", "1_000", "0x1f", "1.50", "-3", "True", "None", "None",
        "5", "1e5", ".5",
    ]  # fmt: skip
    assert table["a"][7] == -3
    assert table["a"][11] == "5"


def test_a_mapping_merged_in_yields_to_what_is_written(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\n")

    assert documents(file)[0]["b"] == {"x": 1, "y": 3}


_leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(WORDS)
_trees = st.recursive(
    _leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=20,
)


@given(tree=_trees)
def test_any_tree_of_words_is_read_or_refused_as_invalid(tmp_path_factory, tree):
    _read_or_refused(tmp_path_factory, "tree", yaml.safe_dump(tree, allow_unicode=True).encode())


@given(text=st.text("-:[]{}&*a<!#|>%@\"'\n $0", max_size=40) | st.text(max_size=40))
def test_any_text_is_read_or_refused_as_invalid(tmp_path_factory, text):
    _read_or_refused(tmp_path_factory, "text", text.encode("utf-8", "surrogatepass"))


def _read_or_refused(tmp_path_factory, name, content):
    folder = tmp_path_factory.getbasetemp() / name  # of its own: a file is read with its neighbours
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}.yaml"
    file.write_bytes(content)
    try:
        scenarios.scenarios_in(file)
    except Invalid as error:
        assert f"{file.name}:" in error.say("en")
