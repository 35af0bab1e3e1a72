"""Cut botocore's list of endpoints (1.2 MB, read whenever a process makes its first client) to the services named."""

import json
import sys
from pathlib import Path


def main(site: str, *services: str) -> None:
    """Partitions and regions stay; of services only the named ones do."""
    file = Path(site) / "botocore" / "data" / "endpoints.json"
    listed = json.loads(file.read_text())
    for partition in listed["partitions"]:
        partition["services"] = {name: each for name, each in partition["services"].items() if name in services}
    file.write_text(json.dumps(listed, separators=(",", ":")))


if __name__ == "__main__":
    main(*sys.argv[1:])
