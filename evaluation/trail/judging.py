"""Evaluators, their marks, and the district's shortlist. The enterprise reads nothing of it."""

from django.utils.translation import gettext_lazy as _

from evaluation.trail.verbs import Kind, Sentences, Verb


def _of_an_evaluation(name: str, sentences: Sentences, *, marks: bool = False) -> Verb:
    return Verb(name, Kind.EVALUATION, sentences, facts="evaluation", evaluation=True, marks=marks)


def _of_a_shortlist(name: str, sentences: Sentences) -> Verb:
    return Verb(name, Kind.EVALUATION, sentences, evaluation=True)


JUDGING = (
    _of_an_evaluation("assessment.assign", (_("Evaluator named: no. %(number)s"), _("Evaluator named"))),
    _of_an_evaluation(
        "assessment.accept",
        (
            _("Evaluation %(number)s accepted, no conflict of interest declared"),
            _("Evaluation accepted, no conflict of interest declared"),
        ),
    ),
    _of_an_evaluation(
        "assessment.step_back", (_("Evaluator stepped back: no. %(number)s"), _("Evaluator stepped back"))
    ),
    _of_an_evaluation("assessment.supersede", (_("Evaluator replaced: no. %(number)s"), _("Evaluator replaced"))),
    _of_an_evaluation(
        "assessment.save", (_("Scorecard saved: evaluator %(number)s"), _("Scorecard saved")), marks=True
    ),
    _of_an_evaluation("assessment.lock", (_("Marks locked: evaluator %(number)s"), _("Marks locked")), marks=True),
    _of_an_evaluation(
        "assessment.unlock", (_("Marks unlocked: evaluator %(number)s"), _("Marks unlocked")), marks=True
    ),
    Verb(
        "application.moderate",
        Kind.EVALUATION,
        (_("Two totals settled by moderation"),),
        evaluation=True,
        marks=True,
    ),
    _of_a_shortlist("shortlist.make", (_("Shortlist begun"),)),
    _of_a_shortlist("shortlist.pick", (_("Chosen beside the rank"),)),
    _of_a_shortlist("shortlist.undo_pick", (_("Choice beside the rank undone"),)),
    _of_a_shortlist("shortlist.freeze", (_("Shortlist frozen"),)),
    _of_a_shortlist("shortlist.check", (_("Shortlist checked"),)),
    _of_a_shortlist("shortlist.approve", (_("Shortlist approved"),)),
    _of_a_shortlist("shortlist.return", (_("One file returned from the shortlist"),)),
    _of_a_shortlist("shortlist.supersede", (_("Another shortlist took its place"),)),
)
