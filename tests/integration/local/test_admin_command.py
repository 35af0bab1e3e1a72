"""`brightspot admin create` makes somebody who may administer, and nobody else."""

import io

import pytest

from brightspot.identity import identity
from brightspot.identity.dynamo import DynamoAccounts
from brightspot_local.cli import main
from tests.integration.identity.conftest import PREFIX, aws  # noqa: F401  # a fixture

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _tables(monkeypatch, aws):  # noqa: F811
    monkeypatch.setenv("TABLE_PREFIX", PREFIX)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))


def test_the_account_may_administer_and_its_password_is_the_line_that_was_sent(aws, capsys):  # noqa: F811
    assert main(["admin", "create", "Ada@example.org"]) == 0
    account = DynamoAccounts(aws.settings).by_email("ada@example.org")
    assert account.scopes == ("admin",)
    assert identity().accounts._passwords.check(PASSWORD, account.password).matches
    told = capsys.readouterr().out
    assert "ada@example.org is an administrator (tables tests-*)" in told
    assert PASSWORD not in told


def test_an_address_that_is_taken_is_told(capsys, monkeypatch):
    main(["admin", "create", "ada@example.org"])
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert main(["admin", "create", "ada@example.org"]) == 2
    assert "an account has this email already" in capsys.readouterr().err


@pytest.mark.parametrize(("email", "line"), [("ada", PASSWORD), ("ada@example.org", "short"), ("ada@example.org", "")])
def test_what_will_not_do_is_told_and_nothing_is_made(email, line, capsys, monkeypatch, aws):  # noqa: F811
    monkeypatch.setattr("sys.stdin", io.StringIO(line))
    assert main(["admin", "create", email]) == 2
    assert capsys.readouterr().err.startswith("brightspot admin create: send ")
    assert aws.text_of("accounts") == "[]"
