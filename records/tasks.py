"""The only Celery tasks. A message carries a job's number, nothing else."""

from celery import shared_task

from records import (
    jobs,
    pages,  # noqa: F401 -- makes its handler known to a worker, which loads no pages of the portal
    sweeping,  # noqa: F401 -- and this one its own
)


@shared_task(name="records.tasks.run", ignore_result=True, acks_late=True)
def run(job_pk: int) -> None:
    """Do one job: this one, or a more urgent one of its queue."""
    jobs.run_for(job_pk)


@shared_task(name="records.tasks.sweep", ignore_result=True)
def sweep() -> None:
    """Re-drive what was lost; sent by beat."""
    jobs.say_alive("celery")
    jobs.sweep()


@shared_task(name="records.tasks.start_timed", ignore_result=True)
def start_timed() -> None:
    """Queue what is done again and again; sent by beat."""
    jobs.start_timed()
