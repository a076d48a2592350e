"""Barcodes: digits are trusted, letters only where a code has none."""

import pytest

from workstation.clinical.scanning import same_code


@pytest.mark.parametrize(
    ("scanned", "known", "same"),
    [
        ("26.000001", "26.000001", True),
        ("26000001", "26.000001", True),
        ("26ò0000ỏ01", "26.000001", True),
        ("26.000002", "26.000001", False),
        ("126000001", "26.000001", False),
        ("8936001234567", "8936001234567", True),
        ("0108936001234567172712311", "8936001234567", True),
        ("0108936001234568172712311", "8936001234567", False),
        ("Ceftriaxone", "ceftriaxone", True),
        ("ceftriaxone-2", "ceftriaxone", False),
        ("12", "12 mg", False),
        ("", "", False),
        ("", "26.000001", False),
    ],
)
def test_what_was_scanned(scanned, known, same):
    assert same_code(scanned, known) is same
