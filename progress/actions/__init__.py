"""The acts of this room: reports are made, narratives written."""

from progress.actions.narratives import write_narrative
from progress.actions.reports import make_report
from progress.actions.runs import end_run, fail_run, go_on, make_of_run, start_run, try_again

__all__ = ["end_run", "fail_run", "go_on", "make_of_run", "make_report", "start_run", "try_again", "write_narrative"]
