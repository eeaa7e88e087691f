"""What is done with a file between its moves: sections, documents, figures, questions, notes, papers, readings."""

from django.utils.translation import gettext_lazy as _

from evaluation.trail.verbs import Kind, Verb

CASEWORK = (
    Verb(
        "application.save",
        Kind.SECTIONS,
        (_("Section saved: %(section)s"), _("Section saved")),
        (_("Section saved: %(section)s"), _("Section saved")),
        facts="section",
    ),
    Verb(
        "document.send",
        Kind.DOCUMENTS,
        (_("Document received: %(document)s, version %(version)s"), _("Document received")),
        (_("Document sent: %(document)s, version %(version)s"), _("Document sent")),
        facts="document",
    ),
    Verb(
        "document.accept",
        Kind.DOCUMENTS,
        (_("Document accepted: %(document)s, version %(version)s"), _("Document accepted")),
        (_("Your DIC accepted a document: %(document)s"), _("Your DIC accepted a document")),
        facts="document",
    ),
    Verb(
        "document.reject",
        Kind.DOCUMENTS,
        (_("Document rejected: %(document)s, version %(version)s: %(why)s"), _("Document rejected")),
        (_("Your DIC rejected a document: %(document)s: %(why)s"), _("Your DIC rejected a document")),
        facts="document",
        told_note=True,
    ),
    Verb(
        "document.infected",
        Kind.DOCUMENTS,
        (_("A virus was found in a document: %(document)s, version %(version)s"), _("A virus was found in a document")),
        (_("A virus was found in a document: %(document)s"), _("A virus was found in a document")),
        facts="document",
    ),
    Verb(
        "application.figure",
        Kind.FIGURES,
        (_("Verified %(figure)s as %(value)s"), _("Figure verified: %(figure)s"), _("Figure verified")),
        facts="figure",
        note=False,
    ),
    Verb(
        "application.ask",
        Kind.QUESTIONS,
        (
            _("Question %(number)s sent to the applicant, to be answered by %(due)s; the clock stops"),
            _("Question sent to the applicant; the clock stops"),
        ),
        (_("Your DIC asked for details: question %(number)s, answer by %(due)s"), _("Your DIC asked for details")),
        facts="question",
    ),
    Verb(
        "application.answer",
        Kind.QUESTIONS,
        (
            _("Question %(number)s answered by the applicant; the clock goes on"),
            _("Question answered by the applicant; the clock goes on"),
        ),
        (_("Question %(number)s answered"), _("Question answered")),
    ),
    Verb(
        "clarification.remind",
        Kind.QUESTIONS,
        (_("Applicant reminded of question %(number)s"), _("Applicant reminded of the question")),
        (_("You were reminded of question %(number)s"), _("You were reminded of the question")),
    ),
    Verb("clarification.read", Kind.QUESTIONS, (_("Answer to question %(number)s read"), _("Answer read"))),
    Verb(
        "application.note",
        Kind.CASEWORK,
        (_("Office note %(number)s written"), _("Office note written")),
        note=False,
    ),
    Verb("application.call", Kind.CASEWORK, (_("Call logged as note %(number)s"), _("Call logged")), note=False),
    Verb(
        "application.visit",
        Kind.CASEWORK,
        (_("Field visit recorded: no. %(number)s, %(day)s"), _("Field visit recorded")),
        (_("Your DIC visited the unit on %(day)s"), _("Your DIC recorded a visit of the unit")),
        facts="visit",
        note=False,
    ),
    Verb(
        "paper.issue",
        Kind.PAPERS,
        (_("Paper issued: %(title)s, %(paper)s"), _("Paper issued")),
        (_("Paper issued: %(title)s, %(paper)s"), _("Paper issued")),
        facts="paper",
    ),
    Verb(
        "paper.supersede",
        Kind.PAPERS,
        (_("Paper %(old)s replaced by %(new)s"), _("Paper replaced by a later one")),
        (_("Paper %(old)s replaced by %(new)s"), _("Paper replaced by a later one")),
        facts="paper",
    ),
    Verb(
        "paper.retry", Kind.PAPERS, (_("Paper asked for again: %(paper)s"), _("Paper asked for again")), facts="paper"
    ),
    Verb(
        "file.open",
        Kind.READS,
        (_("Financial paper opened: %(document)s, version %(version)s"), _("Financial paper opened")),
        facts="opened",
        note=False,
    ),
    Verb(
        "application.certificate",
        Kind.READS,
        (
            _("Udyam certificate of %(of)s opened to settle a contested number"),
            _("Udyam certificate opened to settle a contested number"),
        ),
        facts="contest",
        note=False,
    ),
)
