"""What tests ask of processes: whether one lives, where it listens."""

import os
from contextlib import suppress
from pathlib import Path


def alive(process_id):
    """Whether a process runs; one that has ended and only waits to be noticed by its parent does not."""
    try:
        os.kill(process_id, 0)
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"


def listening(process_id):
    """The hexadecimal addresses of a process's listening TCP sockets: `0100007F` is 127.0.0.1."""
    links = []
    for each in Path(f"/proc/{process_id}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since
            links.append(str(each.readlink()))
    inodes = {link.removeprefix("socket:[").removesuffix("]") for link in links if link.startswith("socket:[")}
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/{process_id}/net/{table}").read_text().splitlines()[1:]
    ]
    return [row[1].partition(":")[0] for row in rows if row[3] == "0A" and row[9] in inodes]
