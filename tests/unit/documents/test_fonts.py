"""No letter of any text is lost on paper."""

import unicodedata

from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from workstation.documents.fonts import Type, runs, width
from workstation.documents.text import lines
from workstation.kernel import resources
from workstation.kernel.words import vietnamese

_CMAPS = {}


def cmap(font):
    if font not in _CMAPS:
        with TTFont(resources.folder() / "fonts" / f"{font}.ttf", lazy=True) as face:
            _CMAPS[font] = frozenset(face.getBestCmap())
    return _CMAPS[font]


def missing(text, face):
    return [
        letter
        for font, piece in runs(text, face)
        for letter in piece
        if ord(letter) not in cmap(font)
    ]


def test_every_printable_word_of_the_program_has_its_letters():
    for english, vietnam in vietnamese().items():
        assert not missing(english + vietnam, "regular")
        assert not missing(english + vietnam, "bold")


@given(st.text(max_size=40), st.sampled_from(["regular", "bold"]))
def test_any_text_is_cut_into_runs_whose_font_has_every_letter(text, face):
    assert not missing(text, face)


def test_decomposed_vietnamese_is_composed():
    text = unicodedata.normalize("NFD", "NGUYỄN Thị Hường")

    assert runs(text, "bold") == [("InterWard-Bold", "NGUYỄN Thị Hường")]


def test_a_sign_that_inter_lacks_comes_from_dejavu():
    assert ("DejaVuSans", "☐") in runs("☐ đã tiêm", "regular")


def test_a_letter_that_no_font_has_is_printed_as_its_code_point():
    assert runs("漢", "regular") == [("InterWard-Regular", "[U+6F22]")]


def test_figures_are_of_equal_width():
    assert len({width(digit, Type()) for digit in "0123456789"}) == 1


@given(st.text(alphabet="aăâ bcdđ eê ghi, 0123 °C\n", max_size=200), st.integers(30, 200))
def test_broken_lines_are_not_wider_than_the_room_and_lose_nothing(text, room):
    broken = lines(text, Type(), room)

    assert all(width(line, Type()) <= room for line in broken)
    assert "".join("".join(broken).split()) == "".join(text.split())


def test_a_number_stays_with_its_unit():
    kind = Type()
    room = width("khi sốt ≥ 38,5", kind) + 1

    assert lines("khi sốt ≥ 38,5 °C", kind, room) == ["khi sốt", "≥\u00a038,5\u00a0°C"]
    assert lines("khi nhịp thở 20 /phút", kind, room) == ["khi nhịp thở", "20\u00a0/phút"]
