"""Run files made by hand: one small and realistic, one of any length; known numbers for every test."""

from pathlib import Path
from typing import Any

from cases.case import Arguments, Case
from cases.values import Tensor
from reports.reading import RunFile, to_line
from reports.record import (
    FORMAT,
    Array,
    BackendLine,
    Check,
    ClaimLine,
    Comparison,
    Counterpart,
    CoverageLine,
    Difference,
    DocumentLine,
    Drift,
    End,
    Line,
    Property,
    Record,
    RulingLine,
    Run,
    Side,
)

MINDSPORE, TORCH, ONEFLOW = "mindspore.nn.Conv1dTranspose", "torch.nn.ConvTranspose1d", "oneflow.nn.ConvTranspose1d"
PARTNER = "torch.nn.Conv1d"  # an API without claims, which others are compared with


def claim(api: str, slug: str, en: str = "", **more: Any) -> ClaimLine:
    fields: dict[str, Any] = {
        "id": f"{api}/{slug}",
        "api": api,
        "kind": "range",
        "en": en or f"`{slug}` is as documented.",
        "zh": "`padding` 必须是非负整数;不接受其他取值。",
        "sources": [(api.partition(".")[0], "Parameters")],
        "parameters": ["padding"],
    }
    return ClaimLine(**(fields | more))


CLAIMS = [
    claim(MINDSPORE, "padding-not-negative", "ValueError is raised if `padding` is negative."),
    claim(MINDSPORE, "output-length-same", "With `pad_mode='same'` the output is `stride` times as long as the input."),
    claim(MINDSPORE, "output-values", "The output is the transposed convolution of the input with the kernel."),
    claim(
        MINDSPORE, "default-stride", "`stride` is 1 by default.", overruled="stride-default", sources=[("old", "Args")]
    ),
    claim(MINDSPORE, "platforms", "Runs on Ascend, GPU and CPU.", unchecked="no Ascend device can be reached"),
    claim(MINDSPORE, "dilation-range", "`dilation` is at least 1; other values are not accepted."),
    claim(MINDSPORE, "same-as-torch", "The documented calls give what `torch.nn.ConvTranspose1d` gives."),
    claim(MINDSPORE, "refused-early", "An invalid argument is refused at construction.", advice=True),
    claim(MINDSPORE, "modes-agree", "A call has the same outcome in every mode.", sources=[("suite", "consistency")]),
    claim(TORCH, "output-values", "The output is the transposed convolution of the input with the kernel."),
    claim(TORCH, "output-padding-range", "`output_padding` is smaller than `stride` or `dilation`."),
    claim(TORCH, "tf32", "Multiplicands are rounded to TF32 only where that is asked for.", device="cuda"),
    claim(ONEFLOW, "output-values", "The output is the transposed convolution of the input with the kernel."),
    claim(ONEFLOW, "cuda", "Runs on CUDA.", unchecked="needs a GPU"),
]


def run(**more: Any) -> Run:
    fields: dict[str, Any] = {
        "format": FORMAT,
        "suite": "0.1.0",
        "commit": "0123abcd",
        "command": ["conformance", "run", "--backend", "mindspore", "--backend", "torch"],
        "seed": 0,
        "strength": 2,
        "started": "2025-11-21T10:00:00+00:00",
        "machine": {"system": "Linux 6.8", "cpu": "AMD EPYC 9554", "cpu capability": "AVX2", "cores": "2"},
        "backends": [
            BackendLine(name="numpy", framework="numpy", version="1.26.4", python="3.11.9", mode="eager"),
            BackendLine(
                name="mindspore",
                framework="mindspore",
                version="2.10.0",
                python="3.11.9",
                mode="eager",
                devices=["CPU"],
                modes=["eager", "graph"],
                dtypes=["float16", "float32"],
                packages={"mindspore": "2.10.0", "numpy": "1.26.4"},
                capability="avx2 avx512f",
            ),
            BackendLine(
                name="torch",
                framework="torch",
                version="2.13.0+cpu",
                modes=["eager"],
                missing_modes={"compiled": "no C++ compiler is found"},
                packages={"torch": "2.13.0+cpu"},
                capability="AVX2",
            ),
            BackendLine(
                name="oneflow", framework="oneflow", unavailable="no OneFlow here; pass oneflow@/path/to/python."
            ),
        ],
        "documents": [
            DocumentLine(key="mindspore", title="mindspore.nn.Conv1dTranspose", language="en", version="2.10.0"),
            DocumentLine(key="old", title="Conv1dTranspose (Chinese page)", language="zh", version="2.9.0"),
            DocumentLine(key="torch", title="ConvTranspose1d", language="en", version="2.13"),
            DocumentLine(key="oneflow", title="oneflow.nn.ConvTranspose1d", language="en", version=""),
        ],
        "rulings": [RulingLine(id="stride-default", en="The signature decides: `stride` is 2.", zh="以签名为准。")],
        "claims": CLAIMS,
        "coverage": [
            CoverageLine(api=MINDSPORE, valid=180, invalid=24, strength=2, tuples=412, covered=412, infeasible=31)
        ],
    }
    return Run(**(fields | more))


def case(api: str, length: int, **keyword: Any) -> Case:
    construct = Arguments((3, 4, 5), tuple(keyword.items()))
    return Case(api, construct, Arguments((Tensor("input", (1, 3, length), "float32"),)))


def value(*shape: int, data: str = "") -> Side:
    return Side(what="value", array=Array(shape=list(shape), dtype="float32", data=data))


def returned(*shape: int) -> Side:
    return Side(what="returned", array=Array(shape=list(shape), dtype="float32", digest="5be0"))


def record(of: Case, backend: str, verdict: str = "conforms", *checks: Check, **more: Any) -> Record:
    fields: dict[str, Any] = {
        "case": of.id,
        "api": of.api,
        "call": of.show(),
        "arguments": of.canonical,
        "backend": backend,
        "mode": "eager",
        "dtype": "float32",
        "verdict": verdict,
        "checks": list(checks),
        "expected": value(1, 4, 8),
        "actual": returned(1, 4, 8),
    }
    return Record(**(fields | more))


def check(api: str, slug: str, holds: bool = True, detail: str = "", counts: bool = True) -> Check:
    return Check(claim=f"{api}/{slug}", holds=holds, detail=detail, counts=counts)


REFUSES = Side(what="error", error="ValueError", argument="padding")
ACCEPTED = case(MINDSPORE, 6, padding=-1)
LARGER = case(MINDSPORE, 60, padding=-1)
SAME = case(MINDSPORE, 4, pad_mode="same", stride=2)
WRONG_ERROR = case(MINDSPORE, 5, padding="x")
IDLE = case(MINDSPORE, 7, stride=3)
CRASHING = case(TORCH, 9, groups=3)
PARTNERED = case(PARTNER, 9)
EXAMPLE, EXAMPLE_TORCH = case(MINDSPORE, 50, stride=1), case(TORCH, 50)


def records() -> list[Record]:
    plain, torch = case(MINDSPORE, 3), case(TORCH, 3)
    difference = Difference(index=[0, 1, 2], expected="3", actual="4", differing=12, of=32, largest="1.5")
    accepted = check(MINDSPORE, "padding-not-negative", False, "returned a value, but should raise ValueError")
    values = check(MINDSPORE, "output-values")
    return [
        *(
            record(plain, name, "conforms", values, margin=margin)
            for name, margin in (("numpy", 0.0), ("mindspore", 0.25))
        ),
        record(plain, "mindspore", "conforms", values, mode="graph", margin=0.5),
        record(SAME, "mindspore", "conforms", values, margin=0.75),
        record(
            SAME,
            "mindspore",
            "differs",
            check(MINDSPORE, "output-length-same", False),
            mode="graph",
            difference=difference,
        ),
        record(LARGER, "mindspore", "accepts-invalid", accepted, expected=REFUSES),
        record(ACCEPTED, "mindspore", "accepts-invalid", accepted, expected=REFUSES),
        record(
            WRONG_ERROR,
            "mindspore",
            "wrong-error",
            check(MINDSPORE, "refused-early", False, "TypeError at call, but should be at construct", counts=False),
            expected=REFUSES,
            actual=Side(
                what="raised", error="TypeError", stage="construction", message="For 'Conv1dTranspose', the 'padding' …"
            ),
        ),
        record(
            plain,
            "mindspore",
            "conforms",
            check(MINDSPORE, "default-stride", False, "is 2", counts=False),
            mode="graph",
        ),
        record(IDLE, "mindspore", "unavailable", actual=Side(what="could not run", detail="no bfloat16 here")),
        record(torch, "torch", "conforms", check(TORCH, "output-values"), margin=0.1),
        record(CRASHING, "torch", "crashed", actual=Side(what="crashed", detail="SIGSEGV\nthe tail of its stderr")),
        record(PARTNERED, "torch", "undocumented", expected=Side(what="not documented")),
    ]


def comparisons() -> list[Comparison]:
    common = {"left_backend": "mindspore", "right_backend": "torch"}
    pair = {
        "left": EXAMPLE.id,
        "left_call": EXAMPLE.show(),
        "right": EXAMPLE_TORCH.id,
        "right_call": EXAMPLE_TORCH.show(),
    }
    same = {"left": SAME.id, "left_call": SAME.show(), "right": EXAMPLE_TORCH.id, "right_call": EXAMPLE_TORCH.show()}
    return [
        Comparison(
            **common,
            **pair,
            claim=f"{MINDSPORE}/same-as-torch",
            values_claimed=False,
            shapes="different",
            values="different",
            detail="(1, 4, 54), (1, 4, 50)",
        ),
        Comparison(**common, **pair, shapes="equal", values="equal"),
        Comparison(**common, **same, shapes="equal", values="different", detail="first at (0, 0, 0): 1, 2"),
        Comparison(**common, **pair, shapes="missing", values="missing"),
        in_modes(case(MINDSPORE, 3), values="equal"),
        in_modes(SAME, values="different", detail="both (1, 4, 8); 3 against 4 at (0, 1, 2), 12 of 32 differ"),
    ]


def in_modes(of: Case, **more: Any) -> Comparison:
    """A case in both modes of MindSpore."""
    fields: dict[str, Any] = {
        "left": of.id,
        "left_backend": "mindspore",
        "left_mode": "eager",
        "left_call": of.show(),
        "right": of.id,
        "right_backend": "mindspore",
        "right_mode": "graph",
        "right_call": of.show(),
        "claim": f"{MINDSPORE}/modes-agree",
        "shapes": "equal",
    }
    return Comparison(**(fields | more))


def drifts() -> list[Drift]:
    common = {"api": MINDSPORE, "backend": "mindspore", "documented": "2.9.0"}
    return [
        Drift(**common, kind="docstring changed", parameter="", was="0a", now="0b"),
        Drift(**common, kind="default changed", parameter="pad_mode", was='"same"', now='{"tuple":[0,1]}'),
        Drift(**common, kind="parameter added", parameter="dtype", was="", now="9"),
    ]


def properties() -> list[Property]:
    common = {"mode": "eager", "dtype": "float32"}
    added = {**common, "name": "accumulation", "detail": "sums hold 2^23 + 1, lose 2^24 + 1"}
    return [
        Property(**common, backend="mindspore", api="", name="margin", value="0.75"),
        Property(**added, backend="mindspore", api="mindspore.nn.B", value="float32 (24 bits)"),
        Property(**added, backend="mindspore", api="mindspore.nn.A", value="float32 (24 bits)"),
        Property(**added, backend="torch", api="", value="float32 (24 bits)"),
    ]


def counterparts() -> list[Counterpart]:
    found = [
        Counterpart(case=f"{n:016x}", api=MINDSPORE, framework="torch", reason="torch has no pad_mode 'same'")
        for n in range(3)
    ]
    return [*found, Counterpart(case="f" * 16, api=MINDSPORE, framework="torch", counterpart="e" * 16)]


END = End(records=13, executions=19, seconds=2.5, interrupted=False, exit_code=1, canary="caught")


def runfile(**more: Any) -> RunFile:
    """A small run with one of everything."""
    fields: dict[str, Any] = {
        "path": Path("conformance-report/run.jsonl"),
        "run": run(),
        "records": tuple(records()),
        "counterparts": tuple(counterparts()),
        "comparisons": tuple(comparisons()),
        "end": END,
        "drifts": tuple(drifts()),
        "properties": tuple(properties()),
    }
    return RunFile(**(fields | more))


def lines(file: RunFile) -> list[Line]:
    held = (*file.drifts, *file.records, *file.counterparts, *file.comparisons, *file.properties, *file.findings)
    return [file.run, *held, *([file.end] if file.end else [])]


def stored(file: RunFile, folder: Path) -> Path:
    """The same run file on disk."""
    path = folder / "run.jsonl"
    path.write_bytes(b"".join(map(to_line, lines(file))))
    return path


def long(count: int) -> RunFile:
    """A run of `count` records, of which one in eleven differs in a way of its own."""
    apis = [f"mindspore.nn.Api{n}" for n in range(25)]
    claims = [claim(api, f"claim-{n}") for api in apis for n in range(110)]
    found = []
    for n in range(count):
        api, slug = apis[n % 25], f"claim-{n % 107}"
        differs = n % 11 == 0
        found.append(
            record(
                case(api, n + 1, stride=n % 5),
                "mindspore",
                "differs" if differs else "conforms",
                check(api, slug, not differs, "shape (1, 4, 8), but should be (1, 4, 9)"),
                check(api, f"claim-{n % 3}"),
                expected=value(1, 4, 9, data="A" * 800 if differs else ""),
                actual=returned(1, 4, 8),
                mode=("eager", "graph")[n % 2],
            )
        )
    return runfile(run=run(claims=claims), records=tuple(found), comparisons=(), counterparts=(), end=None)
