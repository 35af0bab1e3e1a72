"""One connection: TLS, logging in, and servers that do not speak as they should."""

import socket
import threading

import pytest

from brightspot.core.clock import SystemClock
from brightspot.core.errors import SettingsError
from brightspot.valkey import StoreUnavailable, ValkeySettings, connect
from brightspot.valkey.pool import Pool
from brightspot.valkey.wire import ConnectionLost, Endpoint, LoginRefused, NoAnswer, Wire


def test_tls_is_spoken_and_the_server_is_known_by_its_certificate(tls_url, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    store = connect(ValkeySettings(url=tls_url, connect_ms=2000, read_ms=2000), SystemClock())
    assert store.call("PING") == b"PONG"
    store.close()


def test_a_server_whose_certificate_nobody_vouches_for_is_not_trusted(tls_url):
    store = connect(ValkeySettings(url=tls_url, connect_ms=2000), SystemClock())
    with pytest.raises(StoreUnavailable, match="ConnectionLost") as failure:
        store.call("PING")
    assert "CERTIFICATE_VERIFY_FAILED" in str(failure.value.__cause__)


@pytest.fixture
def says():
    """A server that answers whatever it is asked with the same bytes, and hangs up if there are none."""
    opened = []

    def serve(answer):
        listener = socket.create_server(("127.0.0.1", 0))
        opened.append(listener)

        def run():
            client, _ = listener.accept()
            opened.append(client)
            if not answer:
                client.close()
                return
            client.recv(65536)
            client.sendall(answer)

        threading.Thread(target=run, daemon=True).start()
        return Endpoint("127.0.0.1", listener.getsockname()[1])

    yield serve
    for each in opened:
        each.close()


@pytest.mark.parametrize("answer", [b"+OK POP3 ready\r\n-ERR Unknown command\r\n", b"-ERR what?\r\n:1\r\n"])
def test_resp_of_a_server_that_answers_no_ping_is_a_lost_connection(says, answer):
    wire = Wire(says(answer))
    with pytest.raises(ConnectionLost, match="as a Valkey does"):
        wire.exchange([("TIME",)])
    wire.close()


@pytest.mark.parametrize("code", ["READONLY", "LOADING", "MASTERDOWN"])
def test_a_server_that_serves_nothing_now_is_a_lost_connection(says, code):
    wire = Wire(says(b"+PONG\r\n:1\r\n-%b now\r\n" % code.encode()))
    with pytest.raises(ConnectionLost, match=code):
        wire.exchange([("GET", "a"), ("SET", "a", "b")])
    wire.close()


def test_a_user_who_may_not_ping_may_still_ask(says):
    wire = Wire(says(b"-NOPERM no ping\r\n:1\r\n"))
    assert wire.exchange([("GET", "a")]) == [1]
    wire.close()


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"$9999999999999999999999\r\n", b""])
def test_what_is_not_resp_is_a_lost_connection(says, answer):
    wire = Wire(says(answer))
    with pytest.raises(ConnectionLost):
        wire.exchange([("PING",)])
    wire.close()


@pytest.mark.parametrize("answer", [b"+PON", b"*2\r\n$4\r\nPONG\r\n", b"$5\r\nhel"])
def test_half_an_answer_is_waited_for_no_longer_than_the_whole(says, answer):
    wire = Wire(says(answer))
    with pytest.raises(NoAnswer, match="150 ms"):
        wire.exchange([("PING",)])
    wire.close()


def test_answers_may_come_in_any_pieces(valkey_url):
    store = connect(ValkeySettings(url=valkey_url, read_ms=2000), SystemClock())
    trip, large = store.trip(), bytes(range(256)) * 4000
    trip.add("SET", "large", large)
    read = [trip.add("GET", "large") for _ in range(3)]
    trip.run()
    assert [each.value == large for each in read] == [True] * 3
    store.close()


def test_a_database_that_there_is_not_is_a_refused_login(valkey_server):
    at = valkey_server.connection_url.rpartition(":")[2].partition("/")[0]
    with pytest.raises(LoginRefused, match="out of range"):
        Wire(Endpoint("127.0.0.1", int(at), database=99))


def test_threads_that_ask_at_the_same_time_get_their_own_answers(valkey_server):
    pool = Pool(Endpoint("127.0.0.1", int(valkey_server.connection_url.rpartition(":")[2].partition("/")[0])))
    wrong = []

    def ask(number):
        for round_ in range(200):
            word = f"{number}-{round_}".encode()
            if pool.exchange([("ECHO", word)]) != [word]:
                wrong.append(word)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    pool.close()
    assert wrong == []


def test_an_endpoint_tells_no_password():
    assert "secret" not in repr(Endpoint("h", 1, "u", "secret"))


@pytest.mark.parametrize(
    "url",
    ["http://h:1/0", "redis://", "redis://h:port/0", "redis://h:1/db", "redis://h:1/0?ssl_cert_reqs=none", "h:6379"],
)
def test_a_url_that_cannot_be_read_stops_the_start_and_tells_no_password(url, clock):
    with pytest.raises(SettingsError, match="REDIS_URL"):
        connect(ValkeySettings(url=url), clock)


def test_a_password_in_a_url_may_hold_any_character():
    made = connect(ValkeySettings(url="rediss://me:p%40ss%2Fword@h/2"), SystemClock())
    at = made._server._endpoint
    assert (at.host, at.port, at.username, at.password, at.database, at.tls) == ("h", 6379, "me", "p@ss/word", 2, True)
