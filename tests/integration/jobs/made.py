"""A job type to try jobs with, and workers that do what they are handed when a test says so."""

from collections import deque
from hashlib import sha256

import msgspec

from brightspot.core import codec
from brightspot.core.errors import InputRefused
from brightspot.jobs import JobAsked, JobFailed, JobService, JobType, Part, ResultFile, Split
from brightspot.jobs.settings import JobSettings
from brightspot.jobs.shelf import JobFiles, MemoryObjects
from brightspot.jobs.worker import JobWorker
from brightspot.resilience import Deadline

PER_PART = 2


class Numbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Adds `numbers` up; a part with a 13 in it can never be done."""

    numbers: list[int] | None = None
    upload: str | None = None


class Adding:
    """The job type `add`; counts how often each part was run, and fails those of `failing`."""

    def __init__(self):
        self.runs = []
        self.failing = set()
        self.kind = JobType("add", Numbers, self.check, self.split, self.run, self.merge)

    def check(self, asked, tenant, uploads):
        if asked.upload is not None and uploads.size(tenant, asked.upload) is None:
            raise InputRefused("upload", "nothing was put there")
        if asked.numbers is not None and not asked.numbers:
            raise InputRefused("numbers", "send at least one number")

    def split(self, asked, job, uploads):
        numbers = asked.numbers
        if asked.upload is not None:
            numbers = codec.loads(uploads.read(job.tenant, asked.upload))
        if any(each < 0 for each in numbers):
            raise JobFailed("Below zero", "send numbers from 0 on")
        chunks = [numbers[at : at + PER_PART] for at in range(0, len(numbers), PER_PART)]
        return Split([Part(each, len(each)) for each in chunks], sha256(codec.dumps(chunks)).hexdigest())

    def run(self, value, job, deadline):
        assert deadline.remaining() > 0
        self.runs.append((job.id, tuple(value)))
        if 13 in value:
            raise JobFailed("Unlucky", "13 cannot be added")
        if self.failing & set(value):
            raise RuntimeError("as the test asks")
        return codec.dumps(sum(value))

    def merge(self, job, parts):
        sums = [codec.loads(each.body) for each in parts]
        result = codec.dumps({"job": job.id, "sum": sum(sums), "sums": sums})
        return [ResultFile("result.json", "application/json", result), ResultFile("sums.txt", "text/plain", b"sums")]


class Line:
    """Workers: what they were handed stands in `steps` until `work` has it done."""

    def __init__(self):
        self.steps = deque()
        self.begun, self.told = [], []

    def begin(self, job):
        self.begun.append(job.id)
        if self.begun.count(job.id) == 1:
            self.steps.append(("start", job.id))

    def work(self, job, parts):
        self.steps.extend(("part", job.id, number, each.value) for number, each in enumerate(parts))
        self.steps.append(("finish", job.id))

    def notify(self, job):
        self.told.append(job.id)


class World:
    """A service and a worker over the same table and files."""

    def __init__(self, jobs, clock, **settings):
        self.jobs, self.clock = jobs, clock
        self.files, self.line, self.adding = JobFiles(MemoryObjects()), Line(), Adding()
        self.sent, self.refusing = [], None
        types = {"add": self.adding.kind}
        self.service = JobService(
            jobs,
            self.files,
            self.line,
            types=types,
            check_hook=self.check,
            clock=clock,
            settings=JobSettings(**settings),
        )
        self.worker = JobWorker(jobs, self.files, self.line, types=types, send=self.send, clock=clock)

    def check(self, hook):
        if "private" in hook.url:
            raise InputRefused("webhook.url", "it is private")

    def send(self, hook, event, delivery, body, deadline):
        if self.refusing is not None:
            raise self.refusing
        self.sent.append((hook.url, hook.secret, event, delivery, codec.loads(body)))

    def submit(self, numbers=(1, 2, 3, 4, 5), **more):
        parameters = more.pop("parameters", {"numbers": list(numbers)})
        return self.service.submit(JobAsked("add", parameters, more.pop("tenant", "ann"), **more))

    def step(self, *, is_last=False):
        """Do what comes next, once."""
        what, job, *rest = self.line.steps.popleft()
        self.do(what, job, *rest, is_last=is_last)

    def do(self, what, job, *rest, is_last=False):
        match what:
            case "start":
                self.worker.start(job)
            case "part":
                self.worker.work(job, *rest, Deadline.after(self.clock, 60), is_last=is_last)
            case "finish":
                self.worker.finish(job, is_last=is_last)

    def work(self):
        """Do all that there is to do."""
        while self.line.steps:
            self.step()

    def look(self, job, tenant="ann"):
        return self.service.look(job, tenant)
