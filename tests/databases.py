"""Which tests run on which database. `bin/test` runs all on PostgreSQL; on SQLite what the two might answer differently.

Without PostgreSQL everything runs on SQLite. tests/architecture/test_databases.py keeps the tables honest: every module
of the portal in which a database could matter is named here with the tests that show it on both.
"""

# Modules with SQL of their own, locks, triggers, text search, order of empty values, windows, casts or caught database
# errors, and the tests that show on both databases what they do. A module is named by its path without `.py`.
DIFFERS: dict[str, tuple[str, ...]] = {
    "accounts/actions": ("tests/accounts/test_one_address.py", "tests/accounts/test_staff.py"),
    "accounts/filters": ("tests/accounts/test_staff.py",),
    "applications/actions/moves": ("tests/applications/test_races.py", "tests/applications/test_submit.py"),
    "districts/queries": ("tests/mission1000/test_reference.py",),
    "evaluation/actions/assessments": ("tests/evaluation/test_balance.py", "tests/evaluation/test_acts.py"),
    "evaluation/queries/__init__": ("tests/progress/test_paging.py", "tests/progress/test_holders.py"),
    "evaluation/trail/lines": ("tests/evaluation/test_trail_page.py",),
    "evaluation/views/access": ("tests/evaluation/test_judgement.py",),
    "mission1000/benchmark/copies": ("tests/mission1000/test_benchmark.py",),
    "progress/actions/runs": ("tests/progress/test_runs.py",),
    "progress/filters": ("tests/progress/test_paging.py",),
    "progress/queries": ("tests/progress/test_figures.py", "tests/progress/test_report_figures.py"),
    "progress/search": ("tests/progress/test_desk_search.py",),
    "records/acts": ("tests/records/test_acts.py", "tests/evaluation/test_races.py"),
    "records/appendonly": ("tests/records/test_append_only.py",),
    "records/audit": ("tests/records/test_trail.py", "tests/drills/test_trail.py"),
    "records/backup/dumps": ("tests/records/test_backup.py",),
    "records/backup/facts": ("tests/records/test_backup.py",),
    "records/backup/restoring": ("tests/records/test_backup.py",),
    "records/faults": ("tests/records/test_faults.py", "tests/drills/test_degraded.py"),
    "records/papers": ("tests/records/test_rare.py",),
    "records/sweeping": ("tests/records/test_sweeping.py", "tests/records/test_nudges.py"),
    "records/views": ("tests/drills/test_degraded.py",),
}
# What differs without such a module: constraints (written once, checked by each database in its own way), migrations,
# the claiming of jobs, sums and means of decimals, the embedded shape itself.
ALSO: dict[str, str] = {
    "tests/records/test_migrations.py": "each database is changed in its own way",
    "tests/records/test_jobs.py": "a job is claimed by one conditional UPDATE",
    "tests/records/test_embedded.py": "the embedded shape runs on SQLite",
    "tests/records/test_outbox.py": "mails are claimed like jobs",
    "tests/records/test_sealed.py": "sealed bytes are stored as each database stores bytes",
    "tests/records/test_canaries.py": "what each database writes into its files and errors",
    "tests/accounts/test_first_administrator.py": "a command on an empty database",
    "tests/applications/test_begin.py": "one live application for an enterprise in a round",
    "tests/applications/test_rare.py": "what the database refuses by itself",
    "tests/applications/test_matrix.py": "states and their constraints",
    "tests/applications/test_contests.py": "one uncontested application for a Udyam number",
    "tests/evaluation/test_matrix.py": "states and their constraints",
    "tests/evaluation/test_settling.py": "means and rounding of marks",
    "tests/evaluation/test_packets.py": "ranks and their order",
    "tests/evaluation/test_committee.py": "one live decision for a file",
    "tests/evaluation/test_release.py": "a release in one act",
    "tests/evaluation/test_visits.py": "dates in order",
    "tests/progress/test_rules.py": "days and months in the time of India",
    "tests/progress/test_watch.py": "counts and sums by district",
    "tests/drills/test_mail_away.py": "the embedded worker without mail",
    "tests/mission1000/test_unreadable.py": "what a database driver says of unreadable input",
}
BOTH = frozenset(name for names in DIFFERS.values() for name in names) | frozenset(ALSO)

# Large tables of rules and walks through pages that ask no database which one it is: once, on the quicker one.
ONCE: dict[str, str] = {
    "tests/architecture/test_access.py": "4,000 cells: address, method, role",
    "tests/evaluation/test_blind.py": "every page of the office, read by each evaluator",
    "tests/evaluation/test_committee_blind.py": "every page, read by who is recused and by who waits for the release",
}
