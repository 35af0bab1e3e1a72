"""`brightspot batch`: a sheet of addresses in, the same rows with their scores out."""

import csv
import io
import json
import subprocess
import sys
from contextlib import nullcontext

import pytest

from brightspot.locations import batch_service
from brightspot_local import batch, show
from brightspot_local.cli import main


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """`run("--json", rows=[...])`: exit status, output and errors of the command, in this process."""
    monkeypatch.setattr(batch, "shared_store", lambda data: nullcontext())

    def command(*arguments, rows):
        file = tmp_path / "sites.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([["name", "address"], *rows])
        status = main(["batch", str(file), "--data", str(tmp_path), *arguments])
        return status, *capsys.readouterr()

    batch_service.cache_clear()
    yield command
    batch_service.cache_clear()


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_as_its_users_run_it(tmp_path):
    (tmp_path / "sites.csv").write_text('\ufeffname,address\n"One, Inc.","Rochester, MN 55901"\nTwo,"Atlantis, MN"\n')
    out = tmp_path / "results.csv"
    command = [sys.executable, "-m", "brightspot_local.cli", "batch", str(tmp_path / "sites.csv"), "--out", str(out)]
    done = subprocess.run([*command, "--data", str(tmp_path)], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "1 of 2 rows scored, 1 with an error\n")
    one, two = rows_of(out.read_text())
    assert (one["name"], one["zip"], one["error"], 0 < float(one["overall_score"]) < 100) == (
        "One, Inc.", "55901", "", True,
    )  # fmt: skip
    assert (two["address"], two["overall_score"]) == ("Atlantis, MN", "")
    assert two["error"].startswith("Address not found: ")


def test_more_rows_than_a_batch_takes_come_out_in_their_order(run):
    zips = ["55901", "10001", "60601", "94103", "nowhere"] * 12
    status, out, said = run(rows=[[at, each] for at, each in enumerate(zips)])
    told = rows_of(out)
    assert (status, said) == (1, "48 of 60 rows scored, 12 with an error\n")
    assert [row["name"] for row in told] == [str(at) for at in range(60)]
    assert [row["zip"] or "nowhere" for row in told] == zips
    assert len({row["analysis_id"] for row in told}) == 5  # four, and none


def test_when_every_row_is_scored_it_ends_with_0(run):
    status, out, _ = run("--persona", "parent", "--radius-miles", "5", rows=[["a", "55901"]])
    assert (status, rows_of(out)[0]["error"]) == (0, "")


def test_as_json_the_analyses_are_whole_and_numbered_through(run):
    status, out, _ = run("--json", rows=[[at, "55901" if at % 2 else "?"] for at in range(25)])
    told = json.loads(out)
    assert (status, told["total"], told["successful"], told["failed"]) == (1, 25, 12, 13)
    assert [each["index"] for each in told["results"]] == list(range(1, 25, 2))
    assert [each["index"] for each in told["errors"]] == list(range(0, 25, 2))
    assert told["results"][0]["categories"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--persona", "nobody"], "persona: "),
        (["--radius-miles", "99"], "radius_miles: send 0.5 to 25 miles"),
        (["--weight", "safety"], "weights: "),
        (["--out", "/nowhere/at/all.csv"], "/nowhere/at/all.csv cannot be written"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_written(run, arguments, said):
    status, out, errors = run(*arguments, rows=[["a", "55901"]])
    assert (status, out, said in errors, errors.count("\n")) == (2, "", True, 1)


def test_a_file_without_addresses_is_refused(tmp_path, capsys):
    (tmp_path / "sites.csv").write_text("name\nA\n")
    assert main(["batch", str(tmp_path / "sites.csv"), "--data", str(tmp_path)]) == 2
    assert "must name one column `address`; it has name" in capsys.readouterr().err


def test_on_a_terminal_a_bar_shows_how_far_it_is(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with show.progress("addresses") as tell:
        tell(20, 20)
    assert "20/20" in terminal.getvalue()
