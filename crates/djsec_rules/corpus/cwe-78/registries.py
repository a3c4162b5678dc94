# Classes that enter themselves into a table, and are taken out of it by a name.
import os


class Job:
    jobs = {}

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        Job.jobs[cls.__name__] = cls

    def run(self, text):
        raise NotImplementedError


class Shell(Job):
    def run(self, text):
        os.system(text)  # bad: command


class Count(Job):
    def run(self, text):
        os.system("echo %d" % len(text))  # ok: command


def start(job: Job, text):
    job.run(text)


def view(request):
    start(Shell(), request.GET["command"])
    start(Count(), request.GET["command"])
