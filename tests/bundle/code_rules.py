"""For each of our rules about code: where it holds, what it finds there, and what it lets pass."""

from dataclasses import dataclass

_LIBRARY = "layers/shared/brightspot/identity/sample.py"
_LOCAL = "infrastructure/brightspot_local/sample.py"


@dataclass(frozen=True, slots=True)
class Shown:
    """One statement that a rule finds, and the one that should stand there instead, after the same imports."""

    rule: str
    bad: str
    good: str
    imports: str = ""
    file: str = _LIBRARY


SHOWN = [
    Shown(
        "process-through-shell",
        "subprocess.run(f'ls {folder}', shell=True, timeout=5)",
        "subprocess.run(['ls', folder], timeout=5)",
        "import subprocess",
        _LOCAL,
    ),
    Shown("process-through-shell", "os.system('ls ' + folder)", "os.listdir(folder)", "import os", _LOCAL),
    Shown("code-from-data", "eval(text)", "float(text)"),
    Shown("code-from-data", "exec(text)", "print(text)", "", _LOCAL),
    Shown("code-from-data", "pickle.loads(data)", "json.loads(data)", "import json, pickle"),
    Shown("code-from-data", "yaml.load(text)", "yaml.safe_load(text)", "import yaml", _LOCAL),
    Shown("http-without-timeout", "requests.get(url)", "requests.get(url, timeout=3)", "import requests", _LOCAL),
    Shown(
        "http-without-timeout",
        "urlopen(url)",
        "urlopen(url, timeout=3)",
        "from urllib.request import urlopen",
        _LOCAL,
    ),
    Shown(
        "http-without-timeout",
        "HTTPConnection(host)",
        "HTTPConnection(host, timeout=3)",
        "from http.client import HTTPConnection",
        _LOCAL,
    ),
    Shown(
        "http-without-timeout",
        "pool.request('GET', url, retries=False)",
        "pool.request('GET', url, retries=False, timeout=3)",
    ),
    Shown(
        "sql-from-text",
        "database.execute(f'SELECT zip FROM zips WHERE city = {city!r}')",
        "database.execute('SELECT zip FROM zips WHERE city = ?', (city,))",
    ),
    Shown(
        "sql-from-text",
        "sql = 'SELECT zip FROM zips WHERE city = ' + city\ndatabase.rows(sql)",
        "sql = f'SELECT {_COLUMNS} FROM zips WHERE city = ?'\ndatabase.rows(sql, (city,))",
    ),
    Shown(
        "sql-from-text",
        "database.execute('SELECT %s FROM zips' % column)",
        "database.execute('SELECT {} FROM zips'.format(COLUMNS))",
    ),
    Shown("environment-past-settings", "os.environ['JWT_SECRET']", "load(KeySettings)", "import os"),
    Shown("environment-past-settings", "os.getenv('HOME')", "os.getpid()", "import os", "functions/batch/sample.py"),
    Shown(
        "secret-told", "_log.info('login', extra={'password': password})", "_log.info('login', extra={'id': key.id})"
    ),
    Shown("secret-told", "_log.warning(f'refused {caller.token}')", "_log.warning('token_refused')"),
    Shown("secret-told", "_log.debug('asked', authorization)", "_log.debug('asked', extra={'path': path})"),
    Shown("secret-told", "raise TokenRefused(f'{token} has expired')", "raise TokenRefused('it has expired')"),
    Shown(
        "secret-compared-by-eq",
        "known = sent_digest == kept.digest",
        "known = hmac.compare_digest(sent_digest, kept.digest)",
        "import hmac",
    ),
    Shown("secret-compared-by-eq", "known = secret != sent", "known = secret_id != sent"),
    Shown("tls-unchecked", "session.get(url, timeout=3, verify=False)", "session.get(url, timeout=3)"),
    Shown("tls-unchecked", "context.check_hostname = False", "context.check_hostname = True"),
    Shown("guessable-secret", "random.choice(letters)", "secrets.choice(letters)", "import random, secrets"),
    Shown(
        "guessable-secret",
        "token = self._random.getrandbits(128)",
        "delay = self._random.uniform(0, 1)",
    ),
    Shown(
        "vendor-past-its-adapter",
        "from botocore.exceptions import ClientError",
        "from brightspot.store import AwsUnavailable",
        file="functions/history/sample.py",
    ),
    Shown("vendor-past-its-adapter", "import redis", "import brightspot.valkey"),
    Shown(
        "vendor-error-raised-on",
        "try:\n    client.put()\nexcept ClientError:\n    raise",
        "try:\n    client.put()\nexcept ClientError as error:\n    raise TableUnavailable('away') from error",
        file="layers/shared/brightspot/store/sample.py",
    ),
    Shown(
        "vendor-error-raised-on",
        "try:\n    client.put()\nexcept (PutError, ClientError) as error:\n    raise error",
        "with reaching(table):\n    try:\n        client.put()\n    except PutError as error:\n        raise",
        file="layers/shared/brightspot/store/sample.py",
    ),
    Shown(
        "swallowed",
        "try:\n    act()\nexcept Exception:\n    pass",
        "try:\n    act()\nexcept FileNotFoundError:\n    pass",
        file=_LOCAL,
    ),
    Shown(
        "swallowed",
        "with suppress(Exception):\n    act()",
        "with suppress(FileNotFoundError):\n    act()",
        "from contextlib import suppress",
        _LOCAL,
    ),
    Shown(
        "time-without-clock", "at = datetime.now(UTC)", "at = self._clock.now()", "from datetime import UTC, datetime"
    ),
    Shown("time-without-clock", "at = time.time()", "at = clock.monotonic()", "import time"),
]
