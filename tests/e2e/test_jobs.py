"""Jobs over `make dev`: a file by a signed link, queues and workers, a result by its links, all by the command line."""

import csv
import io
import subprocess
import sys

import httpx

JOBS = "/api/v2/batch/jobs"
ZIPS = ["55901", "10001", "60601", "94103", "73301", "98101", "33101", "02108", "80202", "55802"]


def jobs(system, *words):
    command = [sys.executable, "-m", "brightspot_local.cli", "jobs", *words, "--url", system.url]
    done = subprocess.run(
        [*command, "--data", str(system.data)], capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_file_is_uploaded_scored_by_workers_and_its_table_fetched(system, tmp_path):
    (tmp_path / "sites.csv").write_text("name,address\n" + "".join(f"A,{each}\n" for each in ZIPS * 6))
    told = jobs(
        system, "submit", "bulk_analyze", "--csv", str(tmp_path / "sites.csv"), "--wait", "--file", "results.csv"
    )
    rows = list(csv.DictReader(io.StringIO(told, newline="")))
    assert [row["zip"] for row in rows] == ZIPS * 6
    assert all(row["overall_score"] for row in rows)
    (job,) = httpx.get(system.url + JOBS, timeout=60).json()["jobs"]
    assert (job["state"], job["progress"]["total"]) == ("done", 60)
    assert "done, 60 of 60 done" in jobs(system, "status", job["id"])


def test_s3_takes_what_the_link_is_for_and_no_more(system):
    place = httpx.post(system.url + "/api/v2/batch/uploads", json={"bytes": 14}, timeout=60).json()
    more = httpx.put(place["url"], content=b"address\n55901\n55802\n", timeout=60)
    assert (more.status_code, "SignatureDoesNotMatch" in more.text) == (403, True)
    put = httpx.put(place["url"], content=b"address\n55901\n", headers={"content-type": "text/csv"}, timeout=60)
    assert put.status_code == 200
    body = {"job_type": "bulk_analyze", "parameters": {"upload": place["id"]}}
    assert httpx.post(system.url + JOBS, json=body, timeout=60).status_code == 202


def test_a_report_is_made_by_a_worker(system):
    assert '"kind":"day"' in jobs(system, "submit", "generate_report", "--param", "period=day", "--wait")
