"""What the commands share: how they end, and the options that several of them have."""

import os
import sys
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from cases.known import BadLedger, Ledger
from cases.values import BadValue
from conformance.campaign import INTERNAL, INTERRUPTED
from conformance.errors import UsageError
from conformance.known import FOLDER, entries
from reports.reading import BadRunFile

DEFAULT_BACKENDS = ("torch", "mindspore", "oneflow")
OUTPUT = Path("conformance-report")
BROKEN_PIPE = 141  # as a shell says it of a program that SIGPIPE ended
FUZZ = Path("conformance-fuzz")


def guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """Bad input ends with a message and code 2, an interrupt with 130, our own mistakes with 3."""

    @wraps(command)
    def guard(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except (UsageError, BadRunFile, BadValue, BadLedger, LookupError) as error:
            if isinstance(error, KeyError | IndexError):
                return _internal()
            click.echo(f"conformance: {error.args[0] if isinstance(error, LookupError) else error}", err=True)
            sys.exit(2)
        except KeyboardInterrupt:
            click.echo("conformance: interrupted", err=True)
            sys.exit(INTERRUPTED)
        except click.ClickException:
            raise
        except BrokenPipeError:  # whoever read the output has enough of it, as `| head` has
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(BROKEN_PIPE)
        except Exception:
            return _internal()

    return guard


def _internal() -> None:
    traceback.print_exc()
    click.echo("conformance: this is a mistake of the suite itself; what is above belongs in a report of it", err=True)
    sys.exit(INTERNAL)


backend_option = click.option(
    "-b",
    "--backend",
    "names",
    multiple=True,
    help=f"NAME[==VERSION][:DEVICE][@PYTHON]; may be repeated. [default: {', '.join(DEFAULT_BACKENDS)}]",
)


def known_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which differences are known: `known` and `no_known`."""
    folder = click.option(
        "--known",
        type=click.Path(path_type=Path),
        default=FOLDER,
        show_default=True,
        help="Folder of your own known differences, beside the shipped ones.",
    )
    none = click.option("--no-known", is_flag=True, help="Know of no difference: find all of them anew.")
    return folder(none(command))


def known_differences(folder: Path, none: bool) -> Ledger:
    """The ledger that these options mean."""
    return Ledger({}) if none else entries(folder)
