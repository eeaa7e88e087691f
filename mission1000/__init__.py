"""Composition: settings, addresses, the worker's application, the demonstration, commands that span rooms."""

from mission1000.celery import app as celery_app

__all__ = ["celery_app"]
