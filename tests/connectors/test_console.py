"""The console channel: one line for each notice, which nobody can break in two."""

import io

import pytest

from connectors.base import NotSent, Outgoing
from connectors.console import Console


def test_a_notice_is_one_line() -> None:
    stream = io.StringIO()
    Console(stream).send(Outgoing("k", "handler@market", "SQ-1", "办件 SQ-1 今日到期"))
    assert stream.getvalue() == "notice handler@market SQ-1 办件 SQ-1 今日到期\n"


def test_it_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    Console().send(Outgoing("k", "leader", "SQ-1", "办件 SQ-1 已逾期"))
    assert capsys.readouterr().out == "notice leader SQ-1 办件 SQ-1 已逾期\n"


def test_nobody_forges_a_second_line() -> None:
    stream = io.StringIO()
    Console(stream).send(Outgoing("k", "a\nnotice b", "1\r2", "x\x1b[2Jy"))
    assert stream.getvalue().count("\n") == 1
    assert "\x1b" not in stream.getvalue()


def test_a_closed_stream_is_tried_again_later() -> None:
    stream = io.StringIO()
    stream.close()
    with pytest.raises(NotSent):
        Console(stream).send(Outgoing("k", "leader", "SQ-1", "x"))
