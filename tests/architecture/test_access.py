"""The access matrix: every address × method × role, in one table. An address without a row fails; a wrong cell fails.

A row names an address and whose thing it is about: `here` is Ernakulam, where every officer of the matrix works, with the
applicant's own enterprise; `beside` another enterprise of Ernakulam; `there` one of Thrissur; `named` a file with evaluators
named; `closed` is `here` after the round has closed. Beside it stand the answers to GET and to POST, in the order of READERS:

    visitor applicant facilitator agency officer evaluator manager gm directorate convenor member handholder auditor administrator

A row of one word holds for everybody, one of two for visitors and for everybody else. `in` leads to the sign-in, 302 anywhere
else, `-` is not asked because the row before says it. Every refused cell leaves all tables as they were, the trail too.

On SQLite every cell is asked. The rules ask no database which one it is: on PostgreSQL every allowed cell is asked again, and
of each way to refuse in a row the first.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.http import HttpResponseBase

from applications.models import Round
from records.clock import now
from tests.architecture.access_world import BEFORE, READERS, Access, address, build, posted, routes, rows
from tests.conftest import on_postgres

pytestmark = pytest.mark.django_db

# fmt: off
TABLE = {
    # Public
    "faq":                                  ("200",                                                     "405"),
    "privacy":                              ("200",                                                     "405"),
    "accessibility":                        ("200",                                                     "405"),
    "sitemap":                              ("200",                                                     "405"),
    "too_large":                            ("413",                                                     "405"),
    "demo":                                 ("200",                                                     "405"),
    # The sign-in library
    "account_login":                        ("200 302",                                                 "200 302"),
    "account_logout":                       ("302 200",                                                 "302"),
    "account_inactive":                     ("200",                                                     "405"),
    "account_signup":                       ("200 302",                                                 "200 302"),
    "account_reauthenticate":               ("in 200",                                                  "in 200"),
    "account_email":                        ("in 200",                                                  "in 302"),
    "account_email_verification_sent":      ("in 302",                                                  "in 302"),
    "account_change_password":              ("in 200",                                                  "in 200"),
    "account_set_password":                 ("in 302",                                                  "in 302"),
    "account_reset_password":               ("200",                                                     "200"),
    "account_confirm_login_code":           ("in 302",                                                  "in 302"),
    "account_reset_password_from_key_done": ("200",                                                     "405"),
    "account_reset_password_from_key":      ("200",                                                     "200"),
    "account_reset_password_done":          ("200",                                                     "405"),
    "mfa_index":                            ("in 200",                                                  "in 405"),
    "mfa_authenticate":                     ("in 302",                                                  "in 302"),
    "mfa_reauthenticate":                   ("in 302 302 302 200 200 200 200 200 200 200 200 200 200",  "in 302 302 302 200 200 200 200 200 200 200 200 200 200"),
    "mfa_trust":                            ("in 302",                                                  "in 302"),
    "mfa_activate_totp":                    ("in 302",                                                  "in 302"),
    "mfa_deactivate_totp":                  ("in 404 404 404 302 302 302 302 302 302 302 302 302 302",  "in 404 404 404 302 302 302 302 302 302 302 302 302 302"),
    "mfa_view_recovery_codes":              ("in 404 404 404 302 302 302 302 302 302 302 302 302 302",  "in 405"),
    "mfa_generate_recovery_codes":          ("in 302",                                                  "in 302"),
    "mfa_download_recovery_codes":          ("in 404 404 404 302 302 302 302 302 302 302 302 302 302",  "in 404 404 404 302 302 302 302 302 302 302 302 302 302"),
    # Reference data
    "admin:index":                          ("302 302 302 302 302 302 302 302 302 302 302 302 302 200", "in 302 302 302 302 302 302 302 302 302 302 302 302 200"),
    "admin:login":                          ("in 403 403 403 403 403 403 403 403 403 403 403 403 302",  "in 403 403 403 403 403 403 403 403 403 403 403 403 302"),
    "admin:logout":                         ("302",                                                     "in 302"),
    "admin:password_change":                ("302",                                                     "in 302"),
    "admin:password_change_done":           ("302 302 302 302 302 302 302 302 302 302 302 302 302 200", "in 302 302 302 302 302 302 302 302 302 302 302 302 405"),
    "admin:autocomplete":                   ("302 302 302 302 302 302 302 302 302 302 302 302 302 403", "in 302 302 302 302 302 302 302 302 302 302 302 302 405"),
    "admin:jsi18n":                         ("302 302 302 302 302 302 302 302 302 302 302 302 302 200", "in 302 302 302 302 302 302 302 302 302 302 302 302 200"),
    "admin:view_on_site":                   ("302 302 302 302 302 302 302 302 302 302 302 302 302 404", "in 302 302 302 302 302 302 302 302 302 302 302 302 404"),
    "admin:districts_district_changelist":  ("in 302 302 302 302 302 302 302 302 302 302 302 302 200",  "in 302 302 302 302 302 302 302 302 302 302 302 302 200"),
    "admin:districts_district_add":         ("in 302 302 302 302 302 302 302 302 302 302 302 302 403",  "in 302 302 302 302 302 302 302 302 302 302 302 302 403"),
    "admin:districts_district_history":     ("in 302 302 302 302 302 302 302 302 302 302 302 302 200",  "in 302 302 302 302 302 302 302 302 302 302 302 302 200"),
    "admin:districts_district_delete":      ("in 302 302 302 302 302 302 302 302 302 302 302 302 403",  "in 302 302 302 302 302 302 302 302 302 302 302 302 403"),
    "admin:districts_district_change":      ("in 302 302 302 302 302 302 302 302 302 302 302 302 200",  "in 302 302 302 302 302 302 302 302 302 302 302 302 403"),
    "admin:":                               ("302 302 302 302 302 302 302 302 302 302 302 302 302 404", "in 302 302 302 302 302 302 302 302 302 302 302 302 404"),
    "admin:app_list":                       ("302 302 302 302 302 302 302 302 302 302 302 302 302 200", "in 302 302 302 302 302 302 302 302 302 302 302 302 200"),
    # Homes and figures
    "home":                                 ("200",                                                     "405"),
    "home_go":                              ("in 302 200 200 302 302 302 302 302 302 302 200 302 302",  "in 405"),
    "my":                                   ("in 200 403 403 403 403 403 403 403 403 403 403 403 403",  "in 405"),
    "desk":                                 ("in 403 403 403 200 200 200 200 403 403 403 403 403 403",  "in 405"),
    "desk_search":                          ("in 405",                                                  "in 403 403 403 302 302 302 302 403 403 403 403 403 403"),
    "desk_next":                            ("in 403 403 403 302 302 302 302 403 403 403 403 403 403",  "in 405"),
    "desk_export":                          ("in 403 403 403 200 200 200 200 403 403 403 403 403 403",  "in 405"),
    "watch":                                ("in 403 403 403 403 403 403 403 200 403 403 403 200 403",  "in 405"),
    "watch_table":                          ("in 403 403 403 403 403 403 403 200 403 403 403 200 403",  "in 405"),
    "watch_files":                          ("in 403 403 403 403 403 403 403 200 403 403 403 200 403",  "in 405"),
    "watch_files_export":                   ("in 403 403 403 403 403 403 403 200 403 403 403 200 403",  "in 405"),
    "district_progress here":               ("in 403 403 403 200 403 200 200 200 403 403 403 200 403",  "in 405"),
    "district_progress there":              ("in 403 403 403 403 403 403 403 200 403 403 403 200 403",  "-"),
    "district_narrative here":              ("in 403 403 403 200 403 200 200 200 403 403 403 200 403",  "in 403 403 403 403 403 403 302 403 403 403 403 403 403"),
    "district_narrative there":             ("in 403 403 403 403 403 403 403 200 403 403 403 200 403",  "in 403 403 403 403 403 403 403 403 403 403 403 403 403"),
    "reports_run":                          ("in 405",                                                  "in 403 403 403 403 403 403 403 302 403 403 403 403 403"),
    "reports_run_one":                      ("in 403 403 403 404 403 404 404 200 403 403 403 200 403",  "in 403 403 403 404 403 404 404 302 403 403 403 403 403"),
    "reports here":                         ("in 403 403 403 200 403 200 200 200 403 403 403 200 403",  "in 403 403 403 302 403 302 302 302 403 403 403 403 403"),
    "reports there":                        ("-",                                                       "in 403 403 403 400 403 400 400 302 403 403 403 403 403"),
    "reports_table":                        ("in 403 403 403 200 403 200 200 200 403 403 403 200 403",  "in 405"),
    "report here":                          ("in 404 404 404 200 404 200 200 200 404 404 404 200 404",  "in 405"),
    "report there":                         ("in 404 404 404 404 404 404 404 200 404 404 404 200 404",  "-"),
    # The scheme
    "scheme":                               ("200",                                                     "405"),
    "scheme_papers":                        ("200",                                                     "405"),
    # The office
    "shortlists":                           ("in 403 403 403 200 403 200 200 200 200 403 403 200 403",  "in 405"),
    "shortlist_make here":                  ("in 405",                                                  "in 403 403 403 403 403 409 403 403 403 403 403 403 403"),
    "shortlist_make there":                 ("-",                                                       "in 403"),
    "shortlist here":                       ("in 404 404 404 200 404 200 200 200 200 404 404 200 404",  "in 405"),
    "shortlist there":                      ("in 404 404 404 404 404 404 404 200 200 404 404 200 404",  "-"),
    "shortlist_freeze here":                ("in 405",                                                  "in 404 404 404 403 404 302 403 403 403 404 404 403 404"),
    "shortlist_freeze there":               ("-",                                                       "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "shortlist_check here":                 ("in 405",                                                  "in 404 404 404 302 404 409 403 403 403 404 404 403 404"),
    "shortlist_check there":                ("-",                                                       "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "shortlist_approve here":               ("in 405",                                                  "in 404 404 404 403 404 403 302 403 403 404 404 403 404"),
    "shortlist_approve there":              ("-",                                                       "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "shortlist_supersede here":             ("in 404 404 404 403 404 200 403 403 403 404 404 403 404",  "in 404 404 404 403 404 302 403 403 403 404 404 403 404"),
    "shortlist_supersede there":            ("in 404 404 404 404 404 404 404 403 403 404 404 403 404",  "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "shortlist_pick here":                  ("in 404 404 404 403 404 200 403 403 403 404 404 403 404",  "in 404 404 404 403 404 302 403 403 403 404 404 403 404"),
    "shortlist_pick there":                 ("in 404 404 404 404 404 404 404 403 403 404 404 403 404",  "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "shortlist_marks here":                 ("in 404 404 404 200 404 200 200 200 200 404 404 200 404",  "in 405"),
    "shortlist_marks there":                ("in 404 404 404 404 404 404 404 200 200 404 404 200 404",  "-"),
    "desk_bulk here":                       ("in 405",                                                  "in 403 403 403 302 403 302 403 403 403 403 403 403 403"),
    "desk_bulk there":                      ("-",                                                       "in 403 403 403 302 403 302 403 403 403 403 403 403 403"),
    "desk_file here":                       ("in 404 404 404 200 404 200 200 200 200 404 404 200 404",  "in 405"),
    "desk_file there":                      ("in 404 404 404 404 404 404 404 200 200 404 404 200 404",  "-"),
    "desk_file named":                      ("in 404 404 404 200 200 200 200 200 200 404 404 200 404",  "-"),
    "desk_take_up here":                    ("in 405",                                                  "in 404 404 404 302 404 302 403 403 403 404 404 403 404"),
    "desk_take_up there":                   ("-",                                                       "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "desk_pass_scrutiny here":              ("in 405",                                                  "in 404 404 404 302 404 302 403 403 403 404 404 403 404"),
    "desk_pass_scrutiny there":             ("-",                                                       "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "desk_figure here":                     ("in 404 404 404 200 404 200 403 403 403 404 404 403 404",  "in 404 404 404 400 404 400 403 403 403 404 404 403 404"),
    "desk_figure there":                    ("in 404 404 404 404 404 404 404 403 403 404 404 403 404",  "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "desk_document here":                   ("in 404 404 404 200 404 200 200 200 200 404 404 200 404",  "in 405"),
    "desk_document there":                  ("in 404 404 404 404 404 404 404 200 200 404 404 200 404",  "-"),
    "desk_document named":                  ("in 404 404 404 200 200 200 200 200 200 404 404 200 404",  "-"),
    "desk_document_read here":              ("in 404 404 404 200 404 200 200 200 200 404 404 200 404",  "in 404 404 404 302 404 302 302 302 302 404 404 302 404"),
    "desk_document_read there":             ("in 404 404 404 404 404 404 404 200 200 404 404 200 404",  "in 404 404 404 404 404 404 404 302 302 404 404 302 404"),
    "desk_document_read named":             ("in 404 404 404 200 200 200 200 200 200 404 404 200 404",  "in 404 404 404 302 302 302 302 302 302 404 404 302 404"),
    "desk_document_page here":              ("in 404 404 404 200 404 200 200 200 200 404 404 200 404",  "in 405"),
    "desk_document_page there":             ("in 404 404 404 404 404 404 404 200 200 404 404 200 404",  "-"),
    "desk_document_page named":             ("in 404 404 404 200 200 200 200 200 200 404 404 200 404",  "-"),
    "desk_document_accept here":            ("in 405",                                                  "in 404 404 404 302 404 302 403 403 403 404 404 403 404"),
    "desk_document_accept there":           ("-",                                                       "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "desk_document_reject here":            ("in 404 404 404 200 404 200 403 403 403 404 404 403 404",  "in 404 404 404 302 404 302 403 403 403 404 404 403 404"),
    "desk_document_reject there":           ("in 404 404 404 404 404 404 404 403 403 404 404 403 404",  "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "desk_hand_over here":                  ("in 403 403 403 403 403 403 200 403 403 403 403 403 403",  "in 403 403 403 403 403 403 302 403 403 403 403 403 403"),
    "desk_hand_over there":                 ("-",                                                       "in 403 403 403 403 403 403 400 403 403 403 403 403 403"),
    "desk_transfer here":                   ("in 404 404 404 403 404 403 200 403 403 404 404 403 404",  "in 404 404 404 403 404 403 302 403 403 404 404 403 404"),
    "desk_transfer there":                  ("in 404 404 404 404 404 404 404 403 403 404 404 403 404",  "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "desk_ineligible here":                 ("in 404 404 404 200 404 200 200 403 403 404 404 403 404",  "in 404 404 404 302 404 302 403 403 403 404 404 403 404"),
    "desk_ineligible there":                ("in 404 404 404 404 404 404 404 403 403 404 404 403 404",  "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "desk_ineligible_answer here":          ("in 405",                                                  "in 404 404 404 403 404 403 302 403 403 404 404 403 404"),
    "desk_ineligible_answer there":         ("-",                                                       "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "desk_reinstate here":                  ("in 404 404 404 403 404 403 200 403 403 404 404 403 404",  "in 404 404 404 403 404 403 302 403 403 404 404 403 404"),
    "desk_reinstate there":                 ("in 404 404 404 404 404 404 404 403 403 404 404 403 404",  "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "desk_ask here":                        ("in 404 404 404 200 404 200 403 403 403 404 404 403 404",  "in 404 404 404 302 404 302 403 403 403 404 404 403 404"),
    "desk_ask there":                       ("in 404 404 404 404 404 404 404 403 403 404 404 403 404",  "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "desk_ask named":                       ("in 404 404 404 200 403 200 403 403 403 404 404 403 404",  "in 404 404 404 302 403 302 403 403 403 404 404 403 404"),
    "desk_question_read here":              ("in 405",                                                  "in 404 404 404 302 404 302 403 403 403 404 404 403 404"),
    "desk_question_read there":             ("-",                                                       "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "desk_close_unanswered here":           ("in 404 404 404 200 404 200 403 403 403 404 404 403 404",  "in 404 404 404 302 404 302 403 403 403 404 404 403 404"),
    "desk_close_unanswered there":          ("in 404 404 404 404 404 404 404 403 403 404 404 403 404",  "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "desk_trail here":                      ("in 404 404 404 200 404 200 200 200 200 404 404 200 404",  "in 405"),
    "desk_trail there":                     ("in 404 404 404 404 404 404 404 200 200 404 404 200 404",  "-"),
    "desk_trail named":                     ("in 404 404 404 200 404 200 200 200 200 404 404 200 404",  "-"),
    "desk_trail_csv here":                  ("in 404 404 404 200 404 200 200 200 200 404 404 200 404",  "in 405"),
    "desk_trail_csv there":                 ("in 404 404 404 404 404 404 404 200 200 404 404 200 404",  "-"),
    "desk_notes here":                      ("in 404 404 404 200 404 200 200 200 200 404 404 200 404",  "in 404 404 404 302 404 302 302 403 403 404 404 403 404"),
    "desk_notes there":                     ("in 404 404 404 404 404 404 404 200 200 404 404 200 404",  "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "desk_notes named":                     ("in 404 404 404 200 403 200 200 200 200 404 404 200 404",  "in 404 404 404 302 403 302 302 403 403 404 404 403 404"),
    "desk_contest here":                    ("in 404 404 404 200 404 200 403 403 403 404 404 403 404",  "in 404 404 404 302 404 302 403 403 403 404 404 403 404"),
    "desk_contest there":                   ("in 404 404 404 404 404 404 404 403 403 404 404 403 404",  "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "desk_contest_certificate here":        ("in 404 404 404 200 404 200 403 403 403 404 404 403 404",  "in 405"),
    "desk_contest_certificate there":       ("in 404 404 404 404 404 404 404 403 403 404 404 403 404",  "-"),
    "desk_visit_new here":                  ("in 404 404 404 200 404 200 403 403 403 404 404 403 404",  "in 404 404 404 302 404 302 403 403 403 404 404 403 404"),
    "desk_visit_new there":                 ("in 404 404 404 404 404 404 404 403 403 404 404 403 404",  "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "desk_visit_new named":                 ("in 404 404 404 200 403 200 403 403 403 404 404 403 404",  "in 404 404 404 302 403 302 403 403 403 404 404 403 404"),
    "desk_visit_photo here":                ("in 404 404 404 200 404 200 200 200 200 404 404 200 404",  "in 405"),
    "desk_visit_photo there":               ("in 404 404 404 404 404 404 404 200 200 404 404 200 404",  "-"),
    "desk_visit_photo named":               ("in 404 404 404 200 200 200 200 200 200 404 404 200 404",  "-"),
    "desk_return here":                     ("in 404 404 404 403 403 403 200 403 403 404 404 403 404",  "in 404 404 404 403 403 403 302 403 403 404 404 403 404"),
    "desk_return there":                    ("in 404 404 404 404 404 404 404 403 403 404 404 403 404",  "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "desk_close_appraisal here":            ("in 405",                                                  "in 404 404 404 403 403 302 302 403 403 404 404 403 404"),
    "desk_close_appraisal there":           ("-",                                                       "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "desk_evaluators here":                 ("in 404 404 404 403 404 200 200 403 403 404 404 403 404",  "in 404 404 404 403 404 302 302 403 403 404 404 403 404"),
    "desk_evaluators there":                ("in 404 404 404 404 404 404 404 403 403 404 404 403 404",  "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "evaluators_balanced here":             ("in 403 403 403 403 403 200 200 403 403 403 403 403 403",     "in 403 403 403 403 403 302 302 403 403 403 403 403 403"),
    "evaluators_balanced there":            ("-",                                                          "in 403 403 403 403 403 409 409 403 403 403 403 403 403"),
    "assessment_unlock here":               ("in 404 404 404 403 403 403 200 403 403 404 404 403 404",     "in 404 404 404 403 403 403 302 403 403 404 404 403 404"),
    "assessment_unlock there":              ("in 404 404 404 404 404 404 404 403 403 404 404 403 404",     "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "assessment_replace here":              ("in 404 404 404 403 403 200 200 403 403 404 404 403 404",     "in 404 404 404 403 403 302 302 403 403 404 404 403 404"),
    "assessment_replace there":             ("in 404 404 404 404 404 404 404 403 403 404 404 403 404",     "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "desk_moderate here":                   ("in 404 404 404 403 403 403 200 403 403 404 404 403 404",     "in 404 404 404 403 403 403 302 403 403 404 404 403 404"),
    "desk_moderate there":                  ("in 404 404 404 404 404 404 404 403 403 404 404 403 404",     "in 404 404 404 404 404 404 404 403 403 404 404 403 404"),
    "scorecard here":                       ("in 404 404 404 404 200 404 404 404 404 404 404 404 404",  "in 404 404 404 404 400 404 404 404 404 404 404 404 404"),
    "scorecard there":                      ("in 404",                                                  "in 404"),
    "scorecard_accept here":                ("in 405",                                                  "in 404 404 404 404 302 404 404 404 404 404 404 404 404"),
    "scorecard_accept there":               ("-",                                                       "in 404"),
    "scorecard_step_back here":             ("in 404 404 404 404 200 404 404 404 404 404 404 404 404",  "in 404 404 404 404 400 404 404 404 404 404 404 404 404"),
    "scorecard_step_back there":            ("in 404",                                                  "in 404"),
    # The Committee
    "committee":                            ("in 403 403 403 403 403 403 403 200 200 200 403 200 403",  "in 405"),
    "meeting here":                         ("in 404 404 404 404 404 404 404 200 200 200 404 200 404",  "in 405"),
    "agenda_paper here":                    ("in 405",                                                  "in 404 404 404 404 404 404 404 403 302 403 404 403 404"),
    "meeting_trail here":                   ("in 404 404 404 404 404 404 404 200 200 200 404 200 404",  "in 405"),
    "agenda_table here":                    ("in 404 404 404 404 404 404 404 200 200 200 404 200 404",  "in 405"),
    "agenda_item here":                     ("in 404 404 404 404 404 404 404 200 200 200 404 200 404",  "in 405"),
    "agenda_document here":                 ("in 404 404 404 404 404 404 404 200 200 200 404 200 404",  "in 405"),
    "agenda_document_read here":            ("in 404 404 404 404 404 404 404 200 200 200 404 200 404",  "in 404 404 404 404 404 404 404 302 302 302 404 302 404"),
    "agenda_document_page here":            ("in 404 404 404 404 404 404 404 200 200 200 404 200 404",  "in 405"),
    "meeting_new":                          ("in 403 403 403 403 403 403 403 403 200 403 403 403 403",  "in 403 403 403 403 403 403 403 403 302 403 403 403 403"),
    "meeting_edit here":                    ("in 404 404 404 404 404 404 404 403 200 403 404 403 404",  "in 404 404 404 404 404 404 404 403 302 403 404 403 404"),
    "agenda_fill here":                     ("in 404 404 404 404 404 404 404 403 200 403 404 403 404",  "in 404 404 404 404 404 404 404 403 302 403 404 403 404"),
    "meeting_open here":                    ("in 405",                                                  "in 404 404 404 404 404 404 404 403 302 403 404 403 404"),
    "meeting_attendance here":              ("in 405",                                                  "in 404 404 404 404 404 404 404 403 302 403 404 403 404"),
    "agenda_details here":                  ("in 404 404 404 404 404 404 404 403 200 403 404 403 404",  "in 404 404 404 404 404 404 404 403 302 403 404 403 404"),
    "agenda_end_details here":              ("in 404 404 404 404 404 404 404 403 200 403 404 403 404",  "in 404 404 404 404 404 404 404 403 302 403 404 403 404"),
    "agenda_put_off here":                  ("in 404 404 404 404 404 404 404 403 200 403 404 403 404",  "in 404 404 404 404 404 404 404 403 302 403 404 403 404"),
    "agenda_send_back here":                ("in 404 404 404 404 404 404 404 403 200 403 404 403 404",  "in 404 404 404 404 404 404 404 403 409 403 404 403 404"),
    "committee_decide_many here":           ("in 405",                                                  "in 404 404 404 404 404 404 404 403 302 403 404 403 404"),
    "committee_recuse here":                ("in 404 404 404 404 404 404 404 403 200 200 404 403 404",  "in 404 404 404 404 404 404 404 403 302 302 404 403 404"),
    "committee_vote here":                  ("in 404 404 404 404 404 404 404 403 403 200 404 403 404",  "in 404 404 404 404 404 404 404 403 403 302 404 403 404"),
    "committee_decide here":                ("in 404 404 404 404 404 404 404 403 200 403 404 403 404",  "in 404 404 404 404 404 404 404 403 302 403 404 403 404"),
    "committee_reopen here":                ("in 404 404 404 404 404 404 404 403 200 403 404 403 404",  "in 404 404 404 404 404 404 404 403 302 403 404 403 404"),
    "meeting_release here":                 ("in 404 404 404 404 404 404 404 403 200 403 404 403 404",  "in 404 404 404 404 404 404 404 403 302 403 404 403 404"),
    "meeting_letters here":                 ("in 404 404 404 404 404 404 404 403 200 403 404 403 404",  "in 404 404 404 404 404 404 404 403 302 403 404 403 404"),
    "meeting_letter here":                  ("in 404 404 404 404 404 404 404 403 200 403 404 403 404",  "in 405"),
    # The applicant
    "check":                                ("200",                                                     "400"),
    "enterprises":                          ("in 200 403 403 403 403 403 403 403 403 403 403 403 403",  "in 405"),
    "enterprise_new":                       ("in 200 403 403 403 403 403 403 403 403 403 403 403 403",  "in 400 403 403 403 403 403 403 403 403 403 403 403 403"),
    "application_new here":                 ("in 200 403 403 403 403 403 403 403 403 403 403 403 403",  "in 302 403 403 403 403 403 403 403 403 403 403 403 403"),
    "application_new there":                ("-",                                                       "in 404 403 403 403 403 403 403 403 403 403 403 403 403"),
    "application_new beside":               ("-",                                                       "in 404 403 403 403 403 403 403 403 403 403 403 403 403"),
    "application here":                     ("in 200 404 404 404 404 404 404 404 404 404 404 404 404",  "in 405"),
    "application there":                    ("in 404",                                                  "-"),
    "application beside":                   ("in 404",                                                  "-"),
    "application_trail here":               ("in 200 404 404 404 404 404 404 404 404 404 404 404 404",  "in 405"),
    "application_trail there":              ("in 404",                                                  "-"),
    "application_trail beside":             ("in 404",                                                  "-"),
    "application_result here":              ("in 200 404 404 404 404 404 404 404 404 404 404 404 404",  "in 405"),
    "application_result there":             ("in 404",                                                  "-"),
    "application_result beside":            ("in 404",                                                  "-"),
    "application_documents here":           ("in 200 404 404 404 404 404 404 404 404 404 404 404 404",  "in 400 404 404 404 404 404 404 404 404 404 404 404 404"),
    "application_documents there":          ("in 404",                                                  "in 404"),
    "application_documents beside":         ("in 404",                                                  "in 404"),
    "application_document here":            ("in 200 404 404 404 404 404 404 404 404 404 404 404 404",  "in 405"),
    "application_document there":           ("in 404",                                                  "-"),
    "application_document beside":          ("in 404",                                                  "-"),
    "application_answer here":              ("in 200 404 404 404 404 404 404 404 404 404 404 404 404",  "in 302 404 404 404 404 404 404 404 404 404 404 404 404"),
    "application_answer there":             ("in 404",                                                  "in 404"),
    "application_answer beside":            ("in 404",                                                  "in 404"),
    "application_submit here":              ("in 200 404 404 404 404 404 404 404 404 404 404 404 404",  "in 409 404 404 404 404 404 404 404 404 404 404 404 404"),
    "application_submit there":             ("in 404",                                                  "in 404"),
    "application_submit beside":            ("in 404",                                                  "in 404"),
    "application_receipt here":             ("in 200 404 404 404 404 404 404 404 404 404 404 404 404",  "in 405"),
    "application_receipt there":            ("in 404",                                                  "-"),
    "application_receipt beside":           ("in 404",                                                  "-"),
    "application_recall here":              ("in 405",                                                  "in 302 404 404 404 404 404 404 404 404 404 404 404 404"),
    "application_recall there":             ("-",                                                       "in 404"),
    "application_recall beside":            ("-",                                                       "in 404"),
    "application_withdraw here":            ("in 200 404 404 404 404 404 404 404 404 404 404 404 404",  "in 400 404 404 404 404 404 404 404 404 404 404 404 404"),
    "application_withdraw there":           ("in 404",                                                  "in 404"),
    "application_withdraw beside":          ("in 404",                                                  "in 404"),
    "application_section here":             ("in 200 404 404 404 404 404 404 404 404 404 404 404 404",  "in 302 404 404 404 404 404 404 404 404 404 404 404 404"),
    "application_section there":            ("in 404",                                                  "in 404"),
    "application_section beside":           ("in 404",                                                  "in 404"),
    # One's own account, and user administration
    "set_language":                         ("405",                                                     "302"),
    "totp_qr":                              ("in 200",                                                  "in 405"),
    "account_stay":                         ("in 405",                                                  "in 204"),
    "account_self":                         ("in 200",                                                  "in 405"),
    "staff":                                ("in 403 403 403 403 403 403 403 403 403 403 403 403 200",  "in 405"),
    "staff_add":                            ("in 403 403 403 403 403 403 403 403 403 403 403 403 200",  "in 403 403 403 403 403 403 403 403 403 403 403 403 302"),
    "staff_person here":                    ("in 403 403 403 403 403 403 403 403 403 403 403 403 200",  "in 403 403 403 403 403 403 403 403 403 403 403 403 302"),
    "staff_person there":                   ("in 403 403 403 403 403 403 403 403 403 403 403 403 200",  "in 403 403 403 403 403 403 403 403 403 403 403 403 302"),
    "staff_relieve here":                   ("in 403 403 403 403 403 403 403 403 403 403 403 403 200",  "in 403 403 403 403 403 403 403 403 403 403 403 403 302"),
    "staff_relieve there":                  ("in 403 403 403 403 403 403 403 403 403 403 403 403 200",  "in 403 403 403 403 403 403 403 403 403 403 403 403 302"),
    "staff_jobs":                           ("in 403 403 403 403 403 403 403 403 403 403 403 403 200",  "in 405"),
    "staff_jobs_retry":                     ("in 405",                                                  "in 403 403 403 403 403 403 403 403 403 403 403 403 302"),
    # Districts and papers
    "districts":                            ("200",                                                     "405"),
    "district here":                        ("200",                                                     "405"),
    "verify":                               ("200",                                                     "405"),
    "verify_number here":                   ("200",                                                     "405"),
    "paper here":                           ("in 200 404 404 200 404 200 200 200 200 404 404 200 404",  "in 302 404 404 302 404 302 302 302 302 404 404 302 404"),
    "paper there":                          ("in 404 404 404 404 404 404 404 200 200 404 404 200 404",  "in 404 404 404 404 404 404 404 302 302 404 404 302 404"),
    "paper beside":                         ("in 404 404 404 200 404 200 200 200 200 404 404 200 404",  "in 404 404 404 302 404 302 302 302 302 404 404 302 404"),
    "paper_state here":                     ("in 200 404 404 200 404 200 200 200 200 404 404 200 404",  "in 405"),
    "paper_state there":                    ("in 404 404 404 404 404 404 404 200 200 404 404 200 404",  "-"),
    "paper_state beside":                   ("in 404 404 404 200 404 200 200 200 200 404 404 200 404",  "-"),
    "healthz":                              ("200",                                                     "405"),
    "readyz":                               ("200",                                                     "405"),
    # After the round has closed
    "application_new closed":               ("-", "in 409 403 403 403 403 403 403 403 403 403 403 403 403"),
    "application_section closed":           ("-", "in 409 404 404 404 404 404 404 404 404 404 404 404 404"),
    "application_documents closed":         ("-", "in 400 404 404 404 404 404 404 404 404 404 404 404 404"),
    "application_submit closed":            ("-", "in 409 404 404 404 404 404 404 404 404 404 404 404 404"),
    "application_recall closed":            ("-", "in 409 404 404 404 404 404 404 404 404 404 404 404 404"),
}
# fmt: on
GET_WRITES = {  # a reading that has to be accounted for, or a paper that is made when it is first asked for
    "desk_document",
    "desk_document_read",
    "desk_document_page",
    "agenda_document",
    "agenda_document_read",
    "agenda_document_page",
    "desk_contest_certificate",
    "application_document",
    "paper",
}  # fmt: skip
REFUSED = {"in", "400", "403", "404", "405", "409"}
POLICY = (
    "default-src 'none'; base-uri 'self'; connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "img-src 'self'; script-src 'self'; style-src 'self'"
)


@pytest.fixture(scope="module")
def access(django_db_setup: None, django_db_blocker: Any) -> Iterator[Access]:
    """One world for the whole table, rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


def spread(written: str) -> list[str]:
    """A row's words, one for each reader."""
    words = written.split()
    if len(words) == 1:
        return words * len(READERS)
    return [words[0], *words[1:] * (len(READERS) - 1)] if len(words) == 2 else words


def word_of(answer: HttpResponseBase) -> str:
    if answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/"):
        return "in"
    return str(answer.status_code)


def ask(access: Access, method: str, where: str, data: dict[str, Any], reader: str) -> tuple[str, dict[str, int]]:
    """The answer in a word, and the rows each table has after it. What was done is undone."""
    with transaction.atomic():
        answer = getattr(access.client(reader), method)(where, data)
        if answer.streaming:
            assert b"".join(answer.streaming_content)
        after = rows()
        transaction.set_rollback(True)
    assert answer.headers["X-Content-Type-Options"] == "nosniff", where
    assert answer.headers["X-Frame-Options"] == "DENY", where
    assert "; ".join(sorted(answer.headers["Content-Security-Policy"].split("; "))) == POLICY_SORTED, where
    return word_of(answer), after


POLICY_SORTED = "; ".join(sorted(POLICY.split("; ")))


def test_every_address_has_its_row():
    models = {f"admin:{model._meta.app_label}_{model._meta.model_name}_" for model in admin.site._registry}
    found = {name for name, _pattern in routes() if not name.startswith(tuple(models - {"admin:districts_district_"}))}
    assert {row.split()[0] for row in TABLE} == found
    assert [row for row, written in TABLE.items() if any(len(spread(part)) != len(READERS) for part in written)] == []


def asked(written: str) -> dict[str, str]:
    """Whom a row is asked for in this run, and what each must get."""
    found: dict[str, str] = {}
    for reader, word in zip(READERS, spread(written), strict=True):
        if not on_postgres() or word not in REFUSED or word not in found.values():
            found[reader] = word
    return found


@pytest.mark.parametrize("row", TABLE)
def test_the_row_holds(access: Access, row: str):
    name, _space, whose = row.partition(" ")
    with transaction.atomic():
        access = access.copy()
        if name in BEFORE:
            BEFORE[name](access)
        if whose == "closed":
            Round.objects.update(closes_at=now() - timedelta(minutes=1))
        place = "here" if whose == "closed" else whose
        for method, written in zip(("get", "post"), TABLE[row], strict=True):
            if written == "-":
                continue
            where, data = address(access, name, place), posted(access, name, place) if method == "post" else {}
            before = rows()
            expected = asked(written)
            said = {reader: ask(access, method, where, data, reader) for reader in expected}
            assert {reader: word for reader, (word, _after) in said.items()} == expected, (method, where)
            may_write = method == "post" or name in GET_WRITES
            assert [
                reader
                for reader, (word, after) in said.items()
                if after != before and (word in REFUSED or not may_write)
            ] == [], (method, where)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("method", "reader"), [("put", "manager"), ("patch", "applicant"), ("delete", "administrator")]
)
def test_no_other_method_changes_anything(access: Access, method: str, reader: str):
    wrong, before = [], rows()
    for name in sorted({row.split()[0] for row in TABLE}):
        where = address(access, name, "here")
        ours = not name.startswith(("account_", "mfa_", "admin:")) or name in {"account_self", "account_stay"}
        word, after = ask(access, method, where, {}, reader)
        if after != before or (ours and word not in REFUSED):
            wrong.append((where, word))
    assert wrong == []


@pytest.mark.parametrize("model", sorted(admin.site._registry, key=lambda model: model._meta.label_lower))
def test_reference_data_is_read_by_administrators_only(access: Access, model: Any):
    base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    before = rows()
    said = {
        (reader, tail, method): ask(access, method, base + tail, {}, reader)
        for reader in ("visitor", "directorate", "administrator")
        for tail in ("", "add/")
        for method in ("get", "post")
    }
    assert {cell for cell, (_word, after) in said.items() if after != before} == set()
    open_to = {cell for cell, (word, _after) in said.items() if word == "200"}
    assert open_to == {("administrator", "", "get"), ("administrator", "", "post")}
