"""Numbers and their units stand together."""

import pytest

from workstation.ui.toolkit.units import unbroken


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Paracetamol 1 g, uống", "Paracetamol 1~g, uống"),
        ("0,5 mL/giờ và 10 đơn vị", "0,5~mL/giờ và 10~đơn vị"),
        ("38,5 °C, SpO₂ 92 %", "38,5~°C, SpO₂ 92~%"),
        ("3 × 2, giường 01 (thở 18)", "3 × 2, giường 01 (thở 18)"),
    ],
)
def test_no_line_ends_between_a_number_and_its_unit(text, said):
    assert unbroken(text) == said.replace("~", "\N{NO-BREAK SPACE}")
