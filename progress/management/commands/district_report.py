"""Make a district's report, or those of all districts, from the command line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from districts.models import District
from progress import actions
from records import jobs
from records.acts import system
from records.models import Job, JobState, Paper
from records.verdicts import Refused

LONGEST = 120  # seconds
FOR_A_WORKER = 15  # seconds in which a worker that is just starting may take the job


class Command(BaseCommand):
    help = "Freezes and queues the report of a district for a month; prints the paper's number as its last word."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", nargs="?", help="code of the district, for example EKM")
        parser.add_argument("--all", action="store_true", help="every district, in English and Malayalam, in one run")
        parser.add_argument("--month", required=True, help="YYYY-MM; the running month counts up to now")
        parser.add_argument("--language", choices=["en", "ml"], default="en")
        parser.add_argument("--wait", action="store_true", help="wait until the PDF is ready")

    def handle(self, *_args: Any, **options: Any) -> None:
        if bool(options["code"]) is options["all"]:
            raise CommandError("Name one district, for example EKM, or say --all.")
        if options["all"]:
            self._all(options["month"], wait=options["wait"])
        else:
            self._one(options)

    def _one(self, options: dict[str, Any]) -> None:
        district = District.objects.filter(code=options["code"].upper()).first()
        if district is None:
            codes = ", ".join(District.objects.values_list("code", flat=True))
            raise CommandError(f"There is no district {options['code']!r}. The codes are: {codes}.")
        try:
            with translation.override("en"):
                paper = actions.make_report(
                    district, options["month"], by=system("command district_report"), language=options["language"]
                )
        except Refused as refusal:
            raise CommandError(refusal.reason) from refusal
        self.stdout.write(f"Queued: {paper.number}")
        if options["wait"]:
            self._wait(paper)
            self.stdout.write(f"Ready: {paper.number}")
        elif not jobs.worker_alive():
            self.stderr.write("No worker answers: start one with `make run`; the report is kept and made then.")

    def _all(self, month: str, *, wait: bool) -> None:
        """The last word is the number of the run."""
        try:
            with translation.override("en"):
                run = actions.start_run(month, by=system("command district_report"))
        except Refused as refusal:
            raise CommandError(refusal.reason) from refusal
        self.stdout.write(f"Queued: {run.total} reports of {month}, run {run.pk}")
        if not wait and not jobs.worker_alive():
            self.stderr.write("No worker answers: start one with `make run`; the run is kept and made then.")
        if wait:
            job = jobs.wait_for(
                Job.objects.filter(name="progress.reports", subject=run.trail_key).latest("pk").pk, LONGEST
            )
            if job.state != JobState.READY:
                raise CommandError(job.error or f"The reports are not frozen after {LONGEST} s. The run goes on.")
            self.stdout.write(f"Frozen: {run.total} reports of {month}, run {run.pk}")

    def _wait(self, paper: Paper) -> None:
        job = Job.objects.filter(subject=f"paper:{paper.pk}").latest("pk")
        if not jobs.worker_alive() and jobs.wait_for(job.pk, FOR_A_WORKER).state == JobState.QUEUED:
            raise CommandError(f"No worker answers: start one with `make run`. The report is queued as {paper.number}")
        job = jobs.wait_for(job.pk, LONGEST)
        if job.state == JobState.FAILED:
            raise CommandError(f"{job.error} The report is kept as {paper.number}")
        if job.state != JobState.READY:
            raise CommandError(f"The PDF is not ready after {LONGEST} s. The report is queued as {paper.number}")
