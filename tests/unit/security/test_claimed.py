"""What an unchecked token claims is read without trust and without harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.security import SHARED_TENANT
from brightspot.security.caller import is_tenant
from brightspot.security.claimed import claimed_tenant
from tests.unit.security.signing import EDDSA


def test_the_tenant_that_a_token_claims_is_told():
    assert claimed_tenant(f"Bearer {EDDSA.token(payload={'tenant': 'acme-1'})}") == "acme-1"


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"tenant": 7},
        {"tenant": "a}:{b"},
        {"tenant": "t" * 65},
        b'{"tenant":"\\ud800"}',
        b"[]",
        b"\xff",
        b"[" * 2000,
    ],
)
def test_a_token_that_claims_no_tenant_that_could_be_one_claims_the_shared_one(payload):
    assert claimed_tenant(f"Bearer {EDDSA.token(payload=payload)}") == SHARED_TENANT


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer a.b", "Bearer a.b.c.d", "..", "x" * 5000])
def test_what_is_no_token_claims_the_shared_one(authorization):
    assert claimed_tenant(authorization) == SHARED_TENANT


@given(st.text())
def test_any_text_claims_a_tenant_that_could_be_one(text):
    assert is_tenant(claimed_tenant(text))
    assert is_tenant(claimed_tenant(f"a.{text}.c"))
