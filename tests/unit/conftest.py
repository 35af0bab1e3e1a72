"""Unit tests open no sockets; an event loop's own socket pair is a Unix one and allowed."""

import pytest
import pytest_socket


@pytest.fixture(autouse=True)
def _no_sockets():
    pytest_socket.disable_socket(allow_unix_socket=True)
    yield
    pytest_socket.enable_socket()
