"""Numbers and their units stand together."""

import pytest

from workstation.ui.toolkit.units import as_written, unbroken


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Paracetamol 1 g, uống", "Paracetamol 1~g, uống"),
        ("0,5 mL/giờ và 10 đơn vị", "0,5~mL/^giờ và 10~đơn~vị"),
        ("Mạch 111 /phút, đau 3 /10", "Mạch 111~/^phút, đau 3~/^10"),
        ("Furosemid 20 mg/2 mL", "Furosemid 20~mg/^2~mL"),
        ("20/11/2026", "20/11/2026"),
        ("khi đau ≥ 7", "khi đau ≥~7"),
        ("38,5 °C, SpO₂ 92 %", "38,5~°C, SpO₂ 92~%"),
        ("3 × 2, giường 01 (thở 18)", "3 × 2, giường 01 (thở 18)"),
    ],
)
def test_no_line_ends_between_a_number_and_its_unit(text, said):
    shown = said.replace("~", "\N{NO-BREAK SPACE}").replace("^", "\N{WORD JOINER}")
    assert unbroken(text) == shown
    assert as_written(shown).replace("\N{NO-BREAK SPACE}", " ") == text
