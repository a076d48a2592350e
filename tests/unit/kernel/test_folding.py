"""Search text without diacritics; beds in the order people count them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.kernel.folding import fold, natural


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đỗ Thị Ánh Tuyết", "do thi anh tuyet"),
        ("ĐẶNG  Văn\tHùng ", "dang van hung"),
        ("Nguyễn", "nguyen"),
        ("", ""),
    ],
)
def test_case_diacritics_and_spaces_go(text, folded):
    assert fold(text) == folded


def test_composed_and_decomposed_letters_are_the_same():
    assert fold("Nguyê\u0303n") == fold("Nguyễn")


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


def test_numbers_sort_by_value():
    beds = ["G10", "G2", "G1", "Hành lang 1", "101-2", "101-10"]
    assert sorted(beds, key=natural) == ["101-2", "101-10", "G1", "G2", "G10", "Hành lang 1"]
