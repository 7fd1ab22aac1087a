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

from engine.forms import files
from engine.runtime import Engine, fire_due, forget_answers

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
    fired = fire_due(engine)
    if fired:
        log.info("timers fired", count=fired)


def _forget(engine: Engine) -> None:
    """Forget uploads of a day ago or earlier that no form was sent with, and answers no retry can ask for."""
    now = engine.clock.now()
    with engine.writing() as connection:
        uploads = files.discard_unattached(connection, now - timedelta(days=1))
        answers = forget_answers(connection, now)
    if uploads or answers:
        log.info("forgotten", uploads=uploads, answers=answers)
