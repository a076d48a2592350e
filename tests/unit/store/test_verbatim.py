"""What comes into the store comes out of it as it was: digits, order, unknown elements, offsets."""

from __future__ import annotations

import tempfile
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kit.store import NURSE, make_store, reopen
from workstation.fhir.json import canonical, dump, equal, parse
from workstation.store import Store

VERBATIM = (
    '{"resourceType":"Observation","id":"o1","x-unknown":{"b":1,"a":[null,true]},'
    '"extension":[{"url":"urn:of-somebody-else","valueDecimal":1.10}],'
    '"effectiveDateTime":"2026-11-20T07:00:00.123456+07:00",'
    '"valueQuantity":{"value":38.10,"unit":"\\u00b0C"},'
    '"component":[{"valueQuantity":{"value":1.0}},{"valueQuantity":{"value":1}},'
    '{"valueQuantity":{"value":0.000}},{"valueQuantity":{"value":12345678901234567890.123456789}}]}'
)


def test_what_the_server_said_is_kept_to_the_byte(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    with store.write() as unit:
        unit.connection.exec_driver_sql(
            "INSERT INTO resource VALUES ('Observation','o1','7','now',?,0,NULL)", (VERBATIM,)
        )
    store.close()
    store = reopen(tmp_path)
    with store.read() as view:
        found = view.get("Observation", "o1")
        assert found is not None
        assert found.body == VERBATIM
    store.close()


def test_an_edit_patches_one_element_and_keeps_the_others(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    with store.write() as unit:
        unit.connection.exec_driver_sql(
            "INSERT INTO resource VALUES ('Observation','o1','7','now',?,0,NULL)", (VERBATIM,)
        )
    with store.write(NURSE) as unit:
        seen = unit.get("Observation", "o1")
        assert seen is not None
        resource = seen.resource()
        resource["status"] = "amended"
        unit.update(resource, seen=seen)
    with store.read() as view:
        found = view.get("Observation", "o1")
        base = view.connection.exec_driver_sql("SELECT base_body FROM pending").scalar()
    assert base == VERBATIM
    assert found is not None
    expected = VERBATIM.replace("\\u00b0", "°").removesuffix("}") + ',"status":"amended"}'
    assert found.body == expected
    store.close()


decimals = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(-exponent),
    st.integers(-(10**12), 10**12),
    st.integers(0, 9),
)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | decimals | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(Path(folder))
        yield store
        store.close()


@given(content=st.dictionaries(st.text(min_size=1, max_size=8), values, max_size=6))
@settings(max_examples=30, deadline=None)
def test_any_resource_comes_back_with_its_digits(store: Store, content: dict[str, object]) -> None:
    resource = {**content, "resourceType": "Basic", "id": "b1"}
    text = dump(resource)
    with store.write(NURSE) as unit:
        old = unit.get("Basic", "b1")
        if old is None:
            unit.create(parse(text))
        else:
            unit.update(parse(text), seen=old)
    with store.read() as view:
        found = view.get("Basic", "b1")
    assert found is not None
    assert found.body == text
    assert dump(found.resource()) == text
    assert canonical(found.resource()) == canonical(resource)


def test_a_number_is_equal_whatever_its_zeros_but_its_digits_stay() -> None:
    one, other = parse('{"a":1.10}'), parse('{"a":1.1}')
    assert equal(one, other)
    assert (dump(one), dump(other)) == ('{"a":1.10}', '{"a":1.1}')


def test_letters_that_others_wrote_apart_stay_apart(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    apart = unicodedata.normalize("NFD", "Viêm phổi")
    body = dump({"resourceType": "Condition", "id": "c1", "code": {"text": apart}})
    with store.write() as unit:
        unit.connection.exec_driver_sql(
            "INSERT INTO resource VALUES ('Condition','c1','1','now',?,0,'p1')", (body,)
        )
    with store.read() as view:
        found = view.get("Condition", "c1")
        assert found is not None
        assert found.resource()["code"]["text"] == apart
    store.close()
