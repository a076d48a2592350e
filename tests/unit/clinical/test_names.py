"""Vietnamese names: order, sorting, search."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.names import PersonName, collation, nfc


def test_parts_and_forms():
    name = PersonName.of("Nguyễn", "Thị  Bích Ngọc")
    assert (name.family, name.middle, name.given) == ("Nguyễn", "Thị Bích", "Ngọc")
    assert name.formal == "NGUYỄN Thị Bích Ngọc"
    assert name.plain == "Nguyễn Thị Bích Ngọc"
    assert name.folded == "nguyen thi bich ngoc"


@pytest.mark.parametrize(
    ("text", "formal"),
    [
        ("Đỗ Văn  An", "ĐỖ Văn An"),
        ("An", "An"),
        ("", ""),
        ("Tôn Nữ Hỷ Khương", "TÔN Nữ Hỷ Khương"),
    ],
)
def test_whole_names(text, formal):
    assert PersonName.from_text(text).formal == formal


def test_no_name_is_false():
    assert not PersonName.of(None, None)
    assert PersonName.of("Lê", None)
    assert PersonName.of(None, "An")


def test_everything_is_composed():
    decomposed = unicodedata.normalize("NFD", "Nguyễn")
    assert PersonName.of(decomposed, None).family == nfc("Nguyễn")
    assert len(PersonName.of(decomposed, None).family) == 6


def test_letters_come_in_the_order_of_the_alphabet():
    letters = "aăâbcdđeêghiklmnoôơpqrstuưvxyz"
    assert "".join(sorted(set(letters), key=collation)) == letters


def test_tones_come_in_the_order_of_the_dictionary():
    assert sorted(("mạ", "má", "mã", "mả", "mà", "ma"), key=collation) == [
        "ma",
        "mà",
        "mả",
        "mã",
        "má",
        "mạ",
    ]
    assert sorted(("mấn", "mần", "mân", "man"), key=collation) == ["man", "mân", "mần", "mấn"]


def test_a_tone_counts_only_when_the_letters_are_equal():
    assert sorted(["Hòa", "Hoan", "Hoa"], key=collation) == ["Hoa", "Hòa", "Hoan"]


def test_a_space_sorts_before_every_letter():
    assert sorted(["Bích Vân", "Bíchà", "Bích An"], key=collation) == [
        "Bích An",
        "Bích Vân",
        "Bíchà",
    ]


def test_other_alphabets_sort_last_and_marks_without_letter_do_no_harm():
    assert collation("z") < collation("9") < collation("漢")
    assert collation("\u0301\u0306") == ((), ())
    assert collation("漢\u0306") == collation("漢")
    assert collation("z\u0306") == collation("z")


def test_people_sort_by_given_name_first():
    names = ["Trần Văn Ân", "Đỗ Thị Bình", "Nguyễn Văn An", "Lê Văn An", "Lê Bá An"]
    people = sorted(map(PersonName.from_text, names), key=lambda name: name.sort_key)
    assert [name.plain for name in people] == [
        "Lê Bá An",
        "Lê Văn An",
        "Nguyễn Văn An",
        "Trần Văn Ân",
        "Đỗ Thị Bình",
    ]


@given(st.text(max_size=30))
def test_any_text_is_a_name(text):
    name = PersonName.from_text(text)
    assert name.plain == nfc(" ".join(name.plain.split()))
    assert name.sort_key == name.sort_key
    assert bool(name) == bool(text.split())
