"""The sweep and the broker's messages, on a real Redis: as many messages as jobs that wait, however often it sweeps."""

from collections.abc import Iterator

import pytest
import redis
from django.conf import settings

from records import jobs
from records.models import Job

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
NAME, QUEUE = "tests.waits", "exports"


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[redis.Redis]:
    """The run's own, with nothing in our queue."""
    monkeypatch.setattr(jobs, "_handlers", dict(jobs._handlers))
    jobs.handler(NAME, queue=QUEUE)(lambda _job: None)
    monkeypatch.setitem(jobs._broker, "rest_until", 0.0)
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.delete(QUEUE)
        yield client
        client.delete(QUEUE)


def messages(broker: redis.Redis, sweeps: int = 1) -> int:
    for _sweep in range(sweeps):
        assert jobs.sweep() == 3
    return int(broker.llen(QUEUE))


def test_the_sweep_leaves_one_message_a_job_and_makes_up_for_what_the_broker_lost(broker: redis.Redis) -> None:
    Job.objects.bulk_create(Job(name=NAME) for _number in range(3))
    assert messages(broker, sweeps=3) == 3
    broker.lpop(QUEUE)
    assert messages(broker) == 3
    broker.delete(QUEUE)
    assert messages(broker) == 3


def test_what_waits_in_one_queue_is_not_forgotten_behind_the_many_of_another(broker: redis.Redis) -> None:
    """Many urgent ones that have their messages, and one of another queue whose message was lost."""
    other = "tests.many"
    jobs.handler(other, queue="letters")(lambda _job: None)
    Job.objects.bulk_create(Job(name=other, priority=0) for _number in range(jobs.AT_A_SWEEP + 1))
    Job.objects.create(name=NAME, priority=9)
    broker.delete("letters")
    broker.rpush("letters", *(["x"] * (jobs.AT_A_SWEEP + 1)))
    try:
        jobs.sweep()
        assert int(broker.llen(QUEUE)) == 1
        assert int(broker.llen("letters")) == jobs.AT_A_SWEEP + 1
        broker.lpop("letters", 2)
        jobs.sweep()
        assert int(broker.llen("letters")) == jobs.AT_A_SWEEP + 1
    finally:
        broker.delete("letters")
