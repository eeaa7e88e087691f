"""Logs: one JSON object a line, for people who run the portal, without the people who use it.

A line names the route, never the address asked for, and never a query string. What slips into a message all the same
(an e-mail, a PAN, a long run of digits) is blotted out, and an error tells its kind and its lines of code, not its text,
because a database's error text repeats the row.
"""

import logging
import re
import time
import traceback
import uuid
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponseBase

BLOTS = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"\b\d{2}[A-Z]{5}\d{4}[A-Z][0-9A-Z]Z[0-9A-Z]\b", re.IGNORECASE), "[gstin]"),
    (re.compile(r"\b[A-Z]{5}\d{4}[A-Z]\b", re.IGNORECASE), "[pan]"),
    (re.compile(r"(?<![\w-])\+?\d(?:[ -]?\d){8,}(?![\w-])"), "[number]"),
)
# Errors of the program, whose text names code and not data.
TELLING = (AttributeError, ImportError, NameError, SystemError, MemoryError, NotImplementedError)
UNTOUCHED = {"timestamp", "request", "logger", "level", "where"}


def blot(text: str) -> str:
    """The text without what could be a person's e-mail, PAN, GSTIN, mobile or account number."""
    for pattern, instead in BLOTS:
        text = pattern.sub(instead, text)
    return text


def blot_fields(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: `blot` over every text of the line."""
    for key, value in line.items():
        if key not in UNTOUCHED and isinstance(value, str):
            line[key] = blot(value)
    return line


def name_error(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: an exception becomes its kind and where it passed, without its text."""
    info = line.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else info if isinstance(info, BaseException) else None
    if error is not None:
        line["error"] = type(error).__qualname__
        if isinstance(error, TELLING):
            line["detail"] = str(error)
        frames = traceback.extract_tb(error.__traceback__)[-12:]
        line["where"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return line


COMMON: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(allow={"job", "queue", "route", "status"}),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.PositionalArgumentsFormatter(),
]


def config(level: str) -> dict[str, Any]:
    """The value of Django's LOGGING: everything through one handler to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": COMMON,
                "processors": [
                    name_error,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    blot_fields,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            # Its lines carry the address asked for; RequestLog tells the same with the route's name.
            "django.request": {"handlers": [], "level": "CRITICAL"},
            "django.server": {"handlers": [], "propagate": False},
            "gunicorn.error": {"handlers": [], "propagate": True},
            # One line a job is enough, and a failing job writes its own.
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "fontTools": {"level": "ERROR"},
            "weasyprint": {"level": "ERROR"},
            "pypdf": {"level": "ERROR"},
        },
    }


def use_structlog() -> None:
    """Send structlog's own loggers down the same road as everybody else's."""
    structlog.configure(
        processors=[*COMMON, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


REFUSALS = (Http404, PermissionDenied, BadRequest, SuspiciousOperation)


class RequestLog:
    """Middleware: gives each request a number (also sent back as X-Request-ID) and one line when it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.log = logging.getLogger("mission1000.request")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number = uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=number)
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        structlog.contextvars.bind_contextvars(
            method=request.method,
            route=(match.view_name or match.route) if match else "",
            status=response.status_code,
            ms=round((time.perf_counter() - began) * 1000),
        )
        level = logging.ERROR if response.status_code >= 500 else logging.INFO
        self.log.log(level, "answered")
        structlog.contextvars.clear_contextvars()
        response["X-Request-ID"] = number
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """Write down where a page broke; Django then answers with the 500 page. A refusal is an answer, not a fault."""
        if isinstance(error, REFUSALS):
            return
        route = request.resolver_match.view_name if request.resolver_match else ""
        self.log.error("broke", exc_info=error, extra={"route": route})
