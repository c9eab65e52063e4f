"""The command `conformance translate`, thin."""

import sys
from pathlib import Path
from typing import Any

import click

from conformance.commands import guarded, known_differences, known_options


class Shape(click.ParamType[tuple[int, ...]]):
    """Lengths with commas between them."""

    name = "LENGTHS"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        """The lengths as ints; each at least 1."""
        try:
            found = tuple(int(part) for part in str(value).strip("() ,").split(","))
        except ValueError:
            self.fail(f"{value!r} is no shape; write lengths with commas between them, such as 1,3,50", param, ctx)
        if not all(0 < length < 2**31 for length in found):
            self.fail(f"{value!r} is no shape: every length is at least 1, and below {2**31:,}", param, ctx)
        return found


@click.command("translate")
@click.argument("call")
@click.option("--to", "framework", required=True, help="The framework to write it in: torch, mindspore or oneflow.")
@click.option("--input", "input_shape", type=Shape(), help="Shape of the input. [default: two short samples]")
@click.option(
    "--weight", "weight_shape", type=Shape(), help="Shape of the weight of a function whose text only names it."
)
@click.option("--dtype", default="", help="Element type of the tensors. [default: what the call names, or float32]")
@click.option("--weights", is_flag=True, help="Add the code that carries a state dict over, both ways.")
@click.option("--no-verify", is_flag=True, help="Run nothing: the documents and the known differences alone.")
@click.option(
    "-b",
    "--backend",
    "names",
    multiple=True,
    help="NAME[==VERSION][:DEVICE][@PYTHON] of the source or target; may be repeated. [default: the newest of both]",
)
@click.option("--no-install", is_flag=True, help="Create no environment.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@known_options
@guarded
def translate(
    call: str,
    *,
    framework: str,
    input_shape: tuple[int, ...] | None,
    weight_shape: tuple[int, ...] | None,
    dtype: str,
    weights: bool,
    no_verify: bool,
    names: tuple[str, ...],
    no_install: bool,
    lang: str,
    as_json: bool,
    known: Path,
    no_known: bool,
) -> None:
    """The same call in another framework: its code, what changed, and whether both give equal numbers.

    CALL is read as data and never run. Exit code 1 if the two differ or there is no counterpart, 4 if a backend is
    missing: the code is printed all the same.

    Example: conformance translate "mindspore.nn.Conv1dTranspose(3, 64, 5, stride=3, pad_mode='same')" --to torch
    """
    from conformance import translate_command  # half of the engine, which other commands do not need

    order = translate_command.Order(
        call,
        framework,
        input_shape,
        weight_shape,
        dtype,
        names,
        not no_verify,
        weights,
        not no_install,
        lang,
        as_json,
    )
    sys.exit(translate_command.translate(order, known_differences(known, no_known), click.echo))
