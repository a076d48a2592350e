"""The keyboard map: one page with every key in both languages, or a word that it is too much."""

from __future__ import annotations

import pypdfium2
import pytest

from workstation.documents.keyboard_map import KeyboardMap, KeyGroup, keyboard_map
from workstation.kernel import words
from workstation.services import keyboard_map as service
from workstation.ui.toolkit.plain_keys import every_key


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_key_stands_on_one_page(language: words.Language) -> None:
    words.use(language)
    groups = every_key()
    pdf = service.draw(groups)
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    said = document[0].get_textpage().get_text_bounded()
    assert not [heading for heading, _ in groups if heading not in said]
    assert not [keys for _, group in groups for keys, _ in group if keys.split()[0] not in said]
    assert pdf == service.draw(groups)
    words.use("vi")


def test_what_does_not_fit_is_refused_rather_than_cut() -> None:
    many = KeyGroup("All", [(f"Ctrl+{n}", f"Command {n}") for n in range(400)])
    with pytest.raises(ValueError, match="outgrown"):
        keyboard_map(KeyboardMap("Keys", "Ward", (), [many]))


def test_a_small_group_stays_together() -> None:
    groups = [KeyGroup(f"Group {n}", [("A", f"Deed {n}-{m}") for m in range(9)]) for n in range(11)]
    document = pypdfium2.PdfDocument(keyboard_map(KeyboardMap("Keys", "Ward", (), groups)))
    text = document[0].get_textpage()
    page_middle = document[0].get_width() / 2
    for n in range(11):
        sides = set()
        for m in (0, 8):
            found = text.search(f"Deed {n}-{m}", match_whole_word=True).get_next()
            assert found is not None
            left, *_ = text.get_charbox(found[0])
            sides.add(left < page_middle)
        assert len(sides) == 1
