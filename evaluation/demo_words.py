"""What the invented officers of the demonstration write: notes, calls, findings, reasons."""

SOURCES = {  # by the first word of a figure's key: the papers that show it
    "turnover": ("Profit and loss, page 3", "GST returns, four quarters"),
    "exports": ("Profit and loss, page 4", "Shipping bills, summary"),
    "profit": ("Profit and loss, page 5",),
    "jobs": ("EPF challan, last month", "Wage register, last month"),
    "women": ("Wage register, last month",),
    "fixed_capital": ("Quotations, pages 1 to 4", "Project report, page 6"),
    "overdue": ("Bank letter",),
    "began_on": ("Udyam certificate", "Panchayat licence"),
}
REASONS = {
    "growth": "Sales grew in each year on the verified figures.",
    "financial": "Steady profit; loans regular by the bank’s letter.",
    "plan": "The new line is costed with two quotations.",
    "employment": "EPF challans agree with the wage register.",
    "exports": "Shipping bills seen for the year.",
    "technology": "Licences are valid; a quality mark is in hand.",
}
NOTES = (
    "Udyam certificate compared with the portal: name, address and NIC code agree.",
    "Turnover of the latest year is provisional. The audited statement is expected next month.",
    "The bank’s letter names a term loan that is not in the application. To be asked at the visit.",
    "GST returns seen for four quarters; the sum agrees with the statement.",
    "The unit was sanctioned a loan under another scheme two years ago. File of the scheme seen, nothing against it.",
    "Two owners of the same family; shares add up to 100.",
    "The plan needs land beside the unit. The village office has confirmed that it is the owner’s.",
    "Quotation for the machinery is older than six months: the price may have changed.",
)
CALLS = (
    "Explained which pages of the balance sheet are needed. They will be sent this week.",
    "Asked for a day on which the plant is running. Any weekday before noon suits.",
    "Said that the accountant is on leave until Monday; the papers will come after that.",
    "Confirmed the number of workers on the rolls and on contract.",
)
PEOPLE_MET = (
    "the proprietor",
    "the managing partner and the accountant",
    "the production manager",
    "the owner and two supervisors",
)
FINDINGS = (
    "The plant was running. Machinery as in the list; two machines are new and not yet in the balance sheet.",
    "Persons at work counted: they agree with the wage register. The store holds raw material for six weeks.",
    "Unit found at the address, with its name board and licences on the wall. The space for the new line is free.",
    "Packing section is small for the planned growth. The owner showed the drawing of the new shed.",
)
INELIGIBLE = {
    "not_found": "Two visits: the building is a dwelling house, no machinery, no name board. Neighbours know of no unit.",
    "false_statement": "The audited statement sent is not the one the auditor’s office holds; their letter is with the papers.",
    "place_of_unit": "The factory licence and the electricity bill are of a unit outside Kerala; only the office is here.",
}
NUMBER_OF_ANOTHER = (
    "The certificate downloaded from the Udyam portal names the other enterprise, its owner and its address."
)
CONFIRMED = "The officer’s finding was seen again with the papers. The finding stands."
SENT_BACK = "One visit on a holiday does not show this. Visit on a working day, then propose again if it is still so."
REINSTATED = "The unit had moved within the taluk and has shown the new licence and the electricity bill."
TRANSFERRED = "The plant named in the Udyam certificate lies in the other district."
STEPPED_BACK = "The managing partner is a relative of mine."
UNLOCKED = "The mark for employment rests on a wage register of another year. Look at it again with the right one."
MODERATED = "The second evaluation did not count the orders in hand, which were verified afterwards. The mean is taken."
OUT_OF_RANK = "The only unit of its kind in a backward taluk; the Collector’s letter of support is with the file."
PASSED_OVER = "The unit is being sold; the owners asked on the telephone that another be taken first."
RETURNED = "The bank’s letter of last week names a loan that was not verified. To be appraised again with it."
RECUSED = "The managing partner is my brother-in-law."
REMARKS = {
    "selected": (
        "Orders in hand are shown with the papers.",
        "Repayment is regular; the plan is modest and can be kept.",
    ),
    "reserve": ("Good unit; the target of the district is full.",),
    "not_selected": ("May apply again when the licence is renewed.", "The loan should be put in order first."),
}
# By serial of the meeting, district and what the ranking gave, for the last such file of an earlier round.
BESIDE_THE_RANK = {
    (1, "EKM", "not_recommended"): (
        "selected",
        "merit",
        "The only maker of its medical component in the State; a hospital group has confirmed its order in writing.",
    ),
    (1, "TSR", "recommended"): (
        "not_selected",
        "finding",
        "The Pollution Control Board has closed the unit since the shortlist was approved.",
    ),
}
