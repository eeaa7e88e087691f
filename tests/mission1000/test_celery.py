"""The Celery application carries numbers of jobs, on named queues, and never holds up a page."""

import threading

from celery import current_app

from mission1000.celery import app


def test_every_thread_of_the_web_process_publishes_through_our_app():
    found = []
    thread = threading.Thread(target=lambda: found.append(current_app.main))
    thread.start()
    thread.join()
    assert found == ["mission1000"]


def test_publishing_is_tried_once_and_briefly(settings):
    assert app.conf.task_publish_retry is False
    assert app.conf.broker_connection_timeout <= 0.2
    assert app.conf.task_acks_late is True
    assert app.conf.task_ignore_result is True


def test_the_queues_are_those_of_the_worker(settings):
    assert set(app.conf.task_queues) == set(settings.QUEUES)
    assert app.conf.task_default_queue in settings.QUEUES


def test_beat_sends_only_tasks_that_exist():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
