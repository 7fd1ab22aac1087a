"""Serving the app with waitress, and waking the timers with APScheduler.

The scheduler carries wake-ups only: what is due stands in the timers' table, so a missed wake-up
loses nothing, and after an outage the first one finds everything that became due meanwhile.
"""

import gc
import threading
from datetime import timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from waitress import serve

from engine import outbox
from engine.forms import files
from engine.runtime import Engine, clocks, deputies, fire_due, forget_answers, search
from engine.runtime.casework.attending import attend
from engine.runtime.desk import drafts, presence

SECONDS = 2  # between two looks at the timers' table: one indexed read when nothing is due

log = structlog.get_logger("timers")


def serve_app(app: Flask, host: str, port: int) -> None:
    """Serve until the process is stopped; what is built by now is kept out of the garbage collector."""
    gc.collect()
    gc.freeze()
    serve(app, host=host, port=port, threads=8, ident="zhiban", clear_untrusted_proxy_headers=True)


def start_scheduler(engine: Engine) -> BackgroundScheduler:
    """Fire what is due every few seconds, in a thread of this process. One run at a time."""
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(
        lambda: _fire(engine),
        "interval",
        seconds=SECONDS,
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
    )
    if engine.channels:  # a job of its own: a channel that is slow must not hold up a deadline
        scheduler.add_job(
            lambda: _deliver(engine),
            "interval",
            seconds=SECONDS,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
    scheduler.add_job(lambda: _attend(engine), "interval", minutes=1, max_instances=1, coalesce=True)
    scheduler.add_job(lambda: _forget(engine), "interval", hours=1, max_instances=1, coalesce=True)
    scheduler.start()
    return scheduler


def work(engine: Engine) -> None:
    """Fire timers until the process is stopped, without serving anything."""
    scheduler = start_scheduler(engine)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        scheduler.shutdown()


def _fire(engine: Engine) -> None:
    """What time brings: another calendar first, then timers, then reminders. None stops the others."""
    for said, act in (
        ("cases counted anew", clocks.recount_cases),
        ("timers fired", fire_due),
        ("reminders sent", clocks.remind_due),
        ("absences told", deputies.tell_absences),
        ("cases found by new names", search.follow_names),
    ):
        try:
            count = act(engine)
        except Exception:  # the next look tries again
            log.exception("the clock failed", doing=said)
            continue
        if count:
            log.info(said, count=count)


def _attend(engine: Engine) -> None:
    changed = attend(engine)
    if changed:
        log.info("tasks without or with somebody again", count=changed)


def _deliver(engine: Engine) -> None:
    delivered = outbox.deliver_due(engine, engine.channels)
    if delivered:
        log.info("notices delivered", count=delivered)


def _forget(engine: Engine) -> None:
    """Forget uploads of a day ago or earlier that neither form nor draft holds, answers no retry can ask
    for, and who has left a task's page."""
    now = engine.clock.now()
    with engine.writing() as connection:
        presence.forget_gone(connection, now)
        uploads = files.discard_unattached(connection, now - timedelta(days=1), drafts.kept_files(connection))
        answers = forget_answers(connection, now)
    if uploads or answers:
        log.info("forgotten", uploads=uploads, answers=answers)
