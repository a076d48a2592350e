"""Sentences in both languages: one thing is not said as many."""

from decimal import Decimal

import pytest

from workstation.kernel.words import say


@pytest.mark.parametrize(
    ("count", "english"),
    [
        (0, "0 conflicts"),
        (1, "1 conflict"),
        (Decimal(1), "1 conflict"),
        ("1", "1 conflict"),
        (2, "2 conflicts"),
        (11, "11 conflicts"),
    ],
)
def test_one_is_said_otherwise_than_many(count, english):
    assert say("en", "{count} conflicts", count=count) == english
    assert say("vi", "{count} conflicts", count=count) == f"{count} xung đột"


def test_a_sentence_may_leave_the_number_out_of_one():
    assert say("en", "{count} times a day", count=1) == "once a day"
    assert say("en", "{count} times a day", count=3) == "3 times a day"


def test_the_number_that_counts_is_the_one_of_the_noun():
    assert say("en", "{count} of {beds} beds", count=1, beds=30) == "1 of 30 beds"
    assert say("en", "{count} of {beds} beds", count=1, beds=1) == "1 of 1 bed"
