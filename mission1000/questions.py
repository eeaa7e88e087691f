"""Questions and answers of `/faq/`. Only what the portal really does and what is publicly known of the scheme."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Question:
    """`key` is the anchor on the page; `link` is the name of an address where the reader can act, `act` its words."""

    key: str
    asked: Any
    answer: tuple[Any, ...]  # paragraphs
    link: str = ""
    act: Any = ""


QUESTIONS = (
    Question(
        "who",
        _("Who can apply?"),
        (
            _(
                "A unit in Kerala with a Udyam registration, in manufacturing or services, that had been in operation for three full years on the cut-off date of the round."
            ),
            _("The check asks eight questions and tells you at once, with the reason. It needs no sign-in."),
        ),
        "check",
        _("Check if you can apply"),
    ),
    Question(
        "what",
        _("What does a selected enterprise get?"),
        (
            _(
                "Help with the project report, a share of the fixed capital of its expansion, half of the interest paid on working-capital loans, and one officer beside it. The amounts and the order they rest on are on the page of the scheme."
            ),
        ),
        "scheme",
        _("Read about the scheme"),
    ),
    Question(
        "fee",
        _("What does it cost to apply?"),
        (_("Nothing. There is no fee at any step, and nobody may ask you for one."),),
    ),
    Question(
        "middlemen",
        _("Do I need an agent?"),
        (
            _(
                "No. The enterprise applies with its own account, or at the counter of its District Industries Centre. Nobody who takes money for it can move a file forward: the order of work and every step are written down."
            ),
        ),
    ),
    Question(
        "counter",
        _("I have no computer. How do I apply?"),
        (
            _(
                "Go to your District Industries Centre (DIC) with your papers. The General Manager’s office takes applications at the counter as well."
            ),
        ),
        "districts",
        _("Find your DIC"),
    ),
    Question(
        "papers",
        _("Which papers do I need?"),
        (
            _(
                "Six: the Udyam certificate, the profile and ownership of the enterprise, its financial statements, the growth plan, employment data, and bank and compliance details. PDF, JPEG or PNG. Your DIC or the Committee may ask for more later."
            ),
        ),
        "scheme_papers",
        _("Print the list of papers"),
    ),
    Question(
        "later",
        _("Can I stop and go on later?"),
        (
            _(
                "Yes. Each section is kept when you save it, with the date and the name of the person who saved it. You may go on until the round closes."
            ),
        ),
    ),
    Question(
        "mistake",
        _("I found a mistake after I submitted. What now?"),
        (
            _(
                "Until your DIC takes the application up you can recall it, correct it and submit it again, as long as the round is open. You can withdraw it at any time before a decision."
            ),
        ),
    ),
    Question(
        "rejected",
        _("My DIC rejected a document. Is the application lost?"),
        (
            _(
                "No. The reason stands beside the document. Send a new one in its place while your DIC checks the papers; the rest of the application stays as it is, and the old document is kept as a record."
            ),
        ),
    ),
    Question(
        "selection",
        _("How are enterprises selected?"),
        (
            _(
                "Your DIC checks the papers and the figures. Two officers then give marks, each without seeing the other’s. The district’s shortlist is prepared, checked and approved by three different people. The State-Level Approval Committee, headed by the Principal Secretary (Industries), selects."
            ),
            _(
                "Publicly known is that enterprises with 60 marks or more were selected. The marking sheet itself is to be confirmed by the Department."
            ),
        ),
    ),
    Question(
        "state",
        _("How do I know where my application is?"),
        (_("Sign in. Your page shows who has the application, since when, and which working day of how many it is."),),
        "account_login",
        _("Sign in"),
    ),
    Question(
        "data",
        _("Who sees my data?"),
        (
            _(
                "Officers of your DIC, evaluators named for your file, the Directorate, the Committee and auditors. PAN, GSTIN, bank account and mobile number are encrypted and shown masked. An Aadhaar number is never asked for."
            ),
        ),
        "privacy",
        _("Read the privacy notice"),
    ),
    Question(
        "verify",
        _("How do I know that a paper is genuine?"),
        (
            _(
                "Type the number printed at the top right of the paper, or open its QR code. The page says which office issued it and when, and shows its fingerprint."
            ),
        ),
        "verify",
        _("Verify a document"),
    ),
    Question(
        "ask",
        _("Whom do I ask?"),
        (
            _(
                "Your District Industries Centre. Telephones and addresses are shown there once the Department confirms them."
            ),
        ),
        "districts",
        _("Find your DIC"),
    ),
)
