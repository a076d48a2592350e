"""Second signatures: of one version, by whoever is asked, never by the author."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.co_signature import Signature, Wanted, check, state_of
from workstation.kernel.errors import Refused

CHAIR = Wanted("chair", person="d1", name="BS Quân")
DOCTOR = Wanted(role="doctor")


def by(person, version="v2", post="second"):
    return Signature(f"t-{person}-{version}", "n", version, post, person, person, None)


@pytest.mark.parametrize(
    ("wanted", "given_", "state"),
    [
        (None, [by("d1")], "none"),
        (DOCTOR, [], "waiting"),
        (DOCTOR, [by("d1", "v1")], "outdated"),
        (DOCTOR, [by("d1", "v1"), by("d2")], "signed"),
        (CHAIR, [by("d1")], "waiting"),
        (CHAIR, [by("d2", post="chair")], "waiting"),
        (CHAIR, [by("d1", "v1", "chair")], "outdated"),
        (CHAIR, [by("d1", post="chair")], "signed"),
    ],
)
def test_a_signature_is_of_one_version_and_of_whoever_was_asked(wanted, given_, state) -> None:
    assert state_of(wanted, "v2", given_) == state


SIGNATURES = st.lists(
    st.builds(
        by,
        st.sampled_from(["d1", "d2"]),
        st.sampled_from(["v1", "v2", "v3"]),
        st.sampled_from(["chair", "second"]),
    )
)


@given(SIGNATURES, st.sampled_from([CHAIR, DOCTOR]), st.text())
def test_words_that_nobody_signed_are_never_signed(signatures, wanted, version) -> None:
    state = state_of(wanted, version, signatures)
    assert (state == "signed") <= any(each.version == version for each in signatures)
    assert state_of(wanted, "new words", signatures) != "signed"


@pytest.mark.parametrize(
    ("wanted", "person", "role", "amended_by", "code"),
    [
        (None, "d2", "doctor", "", "no-signature-wanted"),
        (DOCTOR, "author", "doctor", "", "own-note"),
        (DOCTOR, "d2", "doctor", "d2", "own-note"),
        (DOCTOR, "n1", "nurse", "", "not-asked-to-sign"),
        (Wanted(role="head-nurse"), "n1", "nurse", "", "not-asked-to-sign"),
        (CHAIR, "d2", "doctor", "", "not-asked-to-sign"),
        (DOCTOR, "d2", "doctor", "", ""),
        (Wanted(role="nurse"), "h", "head-nurse", "", ""),
        (CHAIR, "d1", "doctor", "d1", ""),
    ],
)
def test_who_may_sign(wanted, person, role, amended_by, code) -> None:
    assert refusal(wanted, person, role, amended_by) == code


def refusal(wanted, person, role, amended_by):
    try:
        check(wanted, person, role, author="author", amended_by=amended_by)
    except Refused as refused:
        return refused.code
    return ""
