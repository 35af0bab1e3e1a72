"""Valkey behind TLS."""

import contextlib
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@pytest.fixture
def certificate(tmp_path):
    """A certificate of 127.0.0.1 that signs itself, with its key, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "valkey")])
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(hours=1), now + timedelta(hours=1))
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    built = built.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
    encoding = serialization.Encoding.PEM
    secret = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = tmp_path / "valkey.pem"
    file.write_bytes(built.sign(key, hashes.SHA256()).public_bytes(encoding) + secret)
    return file


@pytest.fixture
def tls_url(valkey_url, certificate):
    """The store of `valkey_url` behind a server that speaks TLS; each connection lives as long as its client's."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    at = urlsplit(valkey_url)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:  # closed: the test is over
                return
            threading.Thread(target=_carry, args=(context, plain, (at.hostname, at.port)), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    port = listener.getsockname()[1]
    yield f"rediss://{at.username}:{at.password}@127.0.0.1:{port}/0"
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def _carry(context, plain, to):
    with (
        contextlib.suppress(OSError),  # the client may refuse us, or go when it has its answer
        plain,
        context.wrap_socket(plain, server_side=True) as client,
        socket.create_connection(to) as server,
    ):
        while asked := client.recv(65536):
            server.sendall(asked)
            client.sendall(server.recv(65536))
