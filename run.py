"""The command line: serve, worker, demo, deploy, scenario, rename, verify, bench …; see `--help`."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from connectors import CHANNELS
from engine import identity, outbox, runtime, worktime
from engine.clock import local
from engine.database import default_url, open_database
from engine.demo import load_cases
from engine.errors import Invalid, ZhibanError
from engine.identity import demo as people
from engine.migrations import upgrade
from engine.repository import bundles_in, deploy, read_bundle
from engine.scenarios import main as run_scenarios
from webui.app import create_app
from webui.serving import serve_app, start_scheduler, work

HOME = Path(__file__).parent
say = Console(highlight=False)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--database", envvar="ZHIBAN_DATABASE", default=None, help="URL; a file in var/ by default.")
@click.pass_context
def cli(context: click.Context, database: str | None) -> None:
    """Zhiban (直办): cases between governments and enterprises, on BPMN."""
    context.obj = database or default_url()


def _engine(url: str) -> runtime.Engine:
    """The engine on `url`, migrated and with its calendar."""
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    channels = outbox.chosen(os.environ.get("ZHIBAN_CHANNELS", ""), CHANNELS)
    engine = runtime.Engine(open_database(url), channels=channels)
    upgrade(engine.database)
    with engine.writing() as connection:
        worktime.seed(connection, engine.clock.now())
    return engine


def _deploy(engine: runtime.Engine, folders: tuple[Path, ...]) -> None:
    bundles = [read_bundle(f, HOME / "forms") for f in folders] or bundles_in(
        HOME / "processes", HOME / "forms"
    )
    for bundle in bundles:
        with engine.writing() as connection:
            now = engine.clock.now()
            done = deploy(connection, bundle, operations=engine.operations, actor="system", now=now)
        state = "unchanged" if done.unchanged else "deployed"
        say.print(f"  {done.key} version {done.version} {state}")
        for warning in done.warnings:
            say.print(f"  [yellow]{warning.say('zh')}[/]")


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--scheduler/--no-scheduler", default=True, help="Fire timers in this process.")
@click.option(
    "--requests/--no-requests", default=None, help="Log every request; by default unless on a terminal."
)
@click.pass_obj
def serve(url: str, host: str, port: int, scheduler: bool, requests: bool | None) -> None:
    """Serve pages and API, and fire timers."""
    engine = _engine(url)
    engine.database.dispose()
    requests = not sys.stderr.isatty() if requests is None else requests
    app = create_app({"DATABASE": url, "LOG_REQUESTS": requests})
    if scheduler:
        start_scheduler(app.extensions["zhiban"])
    say.print(f"http://{host}:{port}")
    serve_app(app, host, port)


@cli.command()
@click.pass_obj
def worker(url: str) -> None:
    """Fire timers without serving pages."""
    work(_engine(url))


@cli.command(name="deploy")
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.pass_obj
def deploy_command(url: str, folders: tuple[Path, ...]) -> None:
    """Deploy processes (all of processes/, or the FOLDERS given)."""
    _deploy(_engine(url), folders)


@cli.command()
@click.option("--serve/--no-serve", "serving", default=True, help="Serve afterwards.")
@click.option("--port", default=8000, show_default=True)
@click.pass_context
def demo(context: click.Context, serving: bool, port: int) -> None:
    """Deploy, load demo accounts and a dozen cases, print the logins, serve."""
    engine = _engine(context.obj)
    with engine.writing() as connection:
        accounts = people.load_demo(connection, engine.clock.now())
    _deploy(engine, ())
    made = load_cases(engine)
    say.print(f"  {made} demo cases added" if made else "  demo cases are there already")
    _print_logins(accounts)
    engine.database.dispose()
    if serving:
        context.invoke(serve, port=port, requests=False)


FIRST = ("platform", "jingmi", "ecology-admin", "ecology-1")  # they bring an appeal to its end


def _print_logins(accounts: list[people.DemoAccount]) -> None:
    places = {row[0]: row[1] for row in people.DEPARTMENTS} | {row[1]: row[2] for row in people.ENTERPRISES}
    table = Table("", "用户名 user", "姓名 name", "角色 role", "部门 / 企业 place")
    for account in accounts:
        roles = "、".join(identity.ROLES[r][0] for r in account.roles) or "企业"
        place = places.get(account.department or account.enterprise or "", "")
        first = account.username in FIRST
        table.add_row(
            "★" if first else "", account.username, account.name, roles, place, style="bold" if first else ""
        )
    say.print(table)
    say.print(f"密码 password: [bold]{people.PASSWORD}[/]   ★ 先试 try first: {'、'.join(FIRST)}")


@cli.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def scenario(paths: tuple[Path, ...]) -> None:
    """Run scenario files against the real engine with a clock of their own."""
    sys.exit(run_scenarios(paths, click.echo))


@cli.group(invoke_without_command=True)
@click.pass_context
def calendar(context: click.Context) -> None:
    """Show the working calendar, or change it: each change is an edition with its reason."""
    if context.invoked_subcommand is None:
        _show_calendar(_engine(context.obj))


def _show_calendar(engine: runtime.Engine) -> None:
    with engine.reading() as connection:
        present = worktime.load(connection)
        history = worktime.editions(connection, most=5)
    for place, hours in {"全市": present, **present.departments}.items():
        say.print(f"工作时间（{place}）{worktime.write_hours(hours.opening)}；截止 {hours.closing:%H:%M}")
    say.print(f"已公布年份 {'、'.join(str(year) for year in sorted(present.years))}；其他年份的期限为暂定")
    for edition in history:
        made = f"{local(edition.made_at):%Y-%m-%d %H:%M} {edition.made_by}"
        say.print(
            f"  {edition.revision}  {made}  {edition.reason}（{len(edition.days)} 天变化）", markup=False
        )


def _change_calendar(url: str, reason: str, change: Callable[..., int], *given: Any, **told: Any) -> None:
    """Make one change as the operator, and show the calendar afterwards."""
    engine = _engine(url)
    with engine.writing() as connection:
        now = engine.clock.now()
        change(connection, *given, **told, by="operator", reason=reason, now=now)
    _show_calendar(engine)


_reason = click.option("--reason", required=True, help="Why; it stands in the calendar's history.")


@calendar.command(name="hours")
@click.option("--opening", help="Working hours, such as 09:00-12:00,13:30-17:30.")
@click.option("--closing", type=click.DateTime(["%H:%M"]), help="When a working day closes, such as 17:30.")
@click.option("--department", default="", help="A department's code; without, the hours of the house.")
@_reason
@click.pass_obj
def calendar_hours(
    url: str, opening: str | None, closing: datetime | None, department: str, reason: str
) -> None:
    """Set the hours of the house or of a department."""
    with _engine(url).reading() as connection:
        present = worktime.load(connection).of(department)
    told = {
        "opening": worktime.read_hours(opening) if opening else present.opening,
        "closing": closing.time() if closing else present.closing,
        "department": department,
    }
    _change_calendar(url, reason, worktime.set_hours, **told)


@calendar.command(name="day")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("as_", metavar="off|worked|weekday", type=click.Choice(["off", "worked", "weekday"]))
@click.option("--note", default="", help="What stands on the calendar page.")
@_reason
@click.pass_obj
def calendar_day(url: str, day: datetime, as_: str, note: str, reason: str) -> None:
    """Arrange one day, or let it follow its weekday again."""
    worked = {"off": False, "worked": True, "weekday": None}[as_]
    _change_calendar(url, reason, worktime.edit_day, day.date(), worked, note=note)


@calendar.command(name="import")
@click.argument("year", type=int)
@click.argument("file", type=click.File("rb"), required=False)
@click.option("--source", help="The notice; by default the file's name or the package's.")
@_reason
@click.pass_obj
def calendar_import(url: str, year: int, file: BinaryIO | None, source: str | None, reason: str) -> None:
    """Publish a YEAR from a CSV FILE (date,type,note), else from the installed chinesecalendar."""
    days = worktime.read_csv(file.read(), year) if file else worktime.library_days(year)
    if not days:
        raise click.ClickException(f"{worktime.LIBRARY} 没有 {year} 年 / does not know {year}")
    named = source or (Path(file.name).name if file else worktime.LIBRARY)
    _change_calendar(url, reason, worktime.publish_year, year, days, source=named)


@cli.command()
@click.argument("code")
@click.argument("name")
@click.pass_obj
def rename(url: str, code: str, name: str) -> None:
    """Register the enterprise with this credit CODE under another NAME; its cases are found by it."""
    with (engine := _engine(url)).writing() as connection:
        runtime.search.rename_enterprise(engine, connection, code, name)
    runtime.search.follow_names(engine)


@cli.command()
@click.pass_obj
def verify(url: str) -> None:
    """Check the hash chains of the history; names what was changed or is missing."""
    engine = _engine(url)
    with engine.reading() as connection:
        broken, digest = runtime.verify_history(connection), runtime.heads_digest(connection)
    for place in broken:
        say.print(f"[red]{place.chain}: event {place.seq} {place.reason}[/]")
    say.print(f"history holds, heads {digest}" if not broken else f"{len(broken)} chains are broken")
    sys.exit(1 if broken else 0)


@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("name", type=click.Choice(["step", "timers", "inbox"]))
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def bench(name: str, options: tuple[str, ...]) -> None:
    """Run a benchmark and print its figures. OPTIONS: --rounds for step, --cases for timers, and others."""
    script = HOME / "tests" / "benchmarks" / f"bench_{name}.py"
    sys.exit(subprocess.call([sys.executable, str(script), *options]))


@cli.command()
def access() -> None:
    """Ask every route as everybody and write the answers to docs/access.md; to be run when routes change."""
    script = HOME / "tests" / "webui" / "matrix" / "write_table.py"
    environment = {**os.environ, "PYTHONPATH": str(HOME)}
    sys.exit(subprocess.call([sys.executable, str(script)], cwd=HOME, env=environment))


@cli.command()
def check() -> None:
    """Lint, types and tests: what CI runs."""
    commands = (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"], ["pytest"])
    for command in commands:
        say.print(f"[bold]{' '.join(command)}[/]")
        if subprocess.call([sys.executable, "-m", *command], env={**os.environ}, cwd=HOME):
            sys.exit(1)


def main() -> None:
    """Run the command line; an error of ours is told as a sentence, not as a stack."""
    try:
        cli(standalone_mode=False)
    except Invalid as error:
        say.print(f"[red]{error.say('zh')}[/]\n[red]{error.say('en')}[/]")
        for problem in error.problems:
            say.print(f"  {problem.where}: {problem.say('zh')} / {problem.say('en')}")
        sys.exit(1)
    except ZhibanError as error:
        say.print(f"[red]{error.say('zh')} / {error.say('en')}[/]")
        sys.exit(1)
    except (SQLAlchemyError, ImportError) as error:
        reason = str(getattr(error, "orig", error)).strip().partition("\n")[0]
        say.print(f"[red]数据库不可用 / The database cannot be used:[/] {reason or error}")
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)


if __name__ == "__main__":
    main()
