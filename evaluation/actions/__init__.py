"""The verbs of the judging. Each is one act: lock, ask the rule again under the lock, write, trail, queue."""

from evaluation.actions.assessments import (
    Given,
    accept_assessment,
    appraise,
    assign,
    assign_all,
    lock_marks,
    save_marks,
    step_back,
)
from evaluation.actions.files import (
    accept_documents,
    judge_document,
    pass_scrutiny,
    take_up,
    verify_figure,
    verify_figures,
)
from evaluation.actions.packets import approve, check, freeze, make_packet

__all__ = [
    "Given",
    "accept_assessment",
    "accept_documents",
    "appraise",
    "approve",
    "assign",
    "assign_all",
    "check",
    "freeze",
    "judge_document",
    "lock_marks",
    "make_packet",
    "pass_scrutiny",
    "save_marks",
    "step_back",
    "take_up",
    "verify_figure",
    "verify_figures",
]
