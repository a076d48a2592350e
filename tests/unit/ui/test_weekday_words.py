"""Days of the week as they are typed; what may mean another day is refused."""

import pytest

from workstation.kernel import words
from workstation.kernel.errors import Refused
from workstation.ui.toolkit.weekday_words import parse_weekdays, weekdays_text


@pytest.mark.parametrize(
    ("language", "typed", "days"),
    [
        ("vi", "5", {3}),
        ("vi", "2, 4, 6", {0, 2, 4}),
        ("vi", "2-4-6", {0, 2, 4}),
        ("vi", "246", None),
        ("vi", "thứ Năm", {3}),
        ("vi", "Thứ hai và thứ 5, CN", {0, 3, 6}),
        ("vi", "T7 chủ nhật", {5, 6}),
        ("vi", "mon, thu", {0, 3}),
        ("vi", "2-6", None),  # both, or all from one to the other
        ("vi", "1", None),
        ("vi", "", None),
        ("vi", "hằng ngày", None),
        ("vi", "từ thứ 2", None),
        ("en", "Mon, Thu", {0, 3}),
        ("en", "thursday", {3}),
        ("en", "Tuesdays & Saturdays", {1, 5}),
        ("en", "Sun", {6}),
        ("en", "T5", {3}),
        ("en", "5", None),  # no two countries count alike
        ("en", "mon-fri", None),
        ("en", "monkey", None),
    ],
)
def test_what_is_typed(language, typed, days):
    words.use(language)
    if days is None:
        with pytest.raises(Refused, match="not-weekdays"):
            parse_weekdays(typed)
    else:
        assert parse_weekdays(typed) == days


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_what_is_said_is_read_again(language):
    words.use(language)
    for day in range(7):
        assert parse_weekdays(weekdays_text({day, 6})) == {day, 6}
