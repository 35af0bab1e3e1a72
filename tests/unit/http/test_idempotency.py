"""The Idempotency-Key header: what is one, and how short one may be that an answer with a secret is kept under."""

import pytest

from brightspot.core.errors import InputRefused
from brightspot.http.idempotency import LEAST_OF_SECRETS, idempotency_key


@pytest.mark.parametrize(("sent", "key"), [(None, None), ("a b", "a b"), (' "quoted" ', "quoted"), ("x" * 255,) * 2])
def test_an_idempotency_key_is_read_with_or_without_quotes(sent, key):
    assert idempotency_key(sent) == key


@pytest.mark.parametrize("sent", ["", '""', "x" * 256, "ключ", "a\tb"])
def test_a_key_that_is_no_key_is_refused(sent):
    with pytest.raises(InputRefused, match="1 to 255 visible ASCII"):
        idempotency_key(sent)


def test_a_key_of_secrets_is_no_short_one():
    with pytest.raises(InputRefused, match="16 to 255 visible ASCII"):
        idempotency_key("x" * 15, LEAST_OF_SECRETS)
    assert idempotency_key("x" * 16, LEAST_OF_SECRETS) == "x" * 16
