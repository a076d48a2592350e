"""A sealed file opens with its key and purpose, and with nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.kernel.errors import Damaged
from workstation.security.sealed import seal, unseal

KEY = bytes(range(32))


@given(st.binary(max_size=400))
def test_what_is_sealed_comes_back(content):
    assert unseal(KEY, "pack", seal(KEY, "pack", content)) == content


@pytest.mark.parametrize(
    ("key", "purpose"), [(bytes(32), "pack"), (KEY, "other")], ids=["key", "purpose"]
)
def test_another_key_or_purpose_does_not_open_it(key, purpose):
    sealed = seal(KEY, "pack", b"NGUYEN")
    assert b"NGUYEN" not in sealed
    with pytest.raises(Damaged, match="not-sealed-here"):
        unseal(key, purpose, sealed)


@given(st.integers(min_value=0, max_value=60), st.integers(min_value=1, max_value=255))
def test_a_changed_or_cut_file_does_not_open(place, change):
    sealed = bytearray(seal(KEY, "pack", b"x" * 40))
    cut = bytes(sealed[:place])
    sealed[place] ^= change
    for broken in (bytes(sealed), cut):
        with pytest.raises(Damaged, match="not-sealed-here"):
            unseal(KEY, "pack", broken)
