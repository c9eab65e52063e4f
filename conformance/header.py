"""The first line of a run file: what was run, on what, with what, and every claim that it held."""

import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from cases.catalogue import operators
from cases.documentation import Claim, Unchecked
from conformance import __version__
from conformance.options import Options
from conformance.schedule import Schedule
from reports.record import FORMAT, BackendLine, ClaimLine, CoverageLine, DocumentLine, RulingLine, Run


def header(options: Options, backends: Sequence[BackendLine], whole: Schedule) -> Run:
    """Everything that is known before the first case runs."""
    used = [operators()[name] for name in dict.fromkeys(api.operator for api in whole.apis)]
    return Run(
        format=FORMAT,
        suite=__version__,
        commit=_commit(),
        command=list(options.command),
        seed=options.seed,
        strength=options.strength,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        machine=_machine(),
        backends=list(backends),
        documents=[
            DocumentLine(key=item.key, title=item.title, language=item.language, version=item.version)
            for operator in used
            for item in operator.DOCUMENTS
        ],
        rulings=[
            RulingLine(id=item.id, en=item.text.en, zh=item.text.zh) for operator in used for item in operator.RULINGS
        ],
        claims=[_claim(claim) for api in whole.apis for claim in api.claims],
        coverage=[
            CoverageLine(
                api=plan.api,
                valid=plan.valid,
                invalid=plan.invalid,
                strength=plan.strength,
                tuples=plan.tuples,
                covered=plan.covered,
                infeasible=plan.infeasible,
            )
            for plan in whole.plans
        ],
    )


def _claim(claim: Claim) -> ClaimLine:
    return ClaimLine(
        id=claim.id,
        api=claim.api,
        kind=claim.kind.value,
        en=claim.text.en,
        zh=claim.text.zh,
        sources=[(source.document.key, source.place) for source in claim.sources],
        parameters=list(claim.parameters),
        overruled=claim.overruled.id if claim.overruled else "",
        unchecked=claim.detail.reason if isinstance(claim.detail, Unchecked) else "",
        device=claim.device,
        advice=claim.advice,
    )


def _machine() -> dict[str, str]:
    return {
        "system": platform.platform(),
        "cpu": _cpu(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "python": platform.python_version(),
        "numpy": np.__version__,
    }


def _cpu() -> str:
    """The processor's name and the vector instructions that numerical libraries choose their kernels by."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    facts = dict(line.partition(":")[::2] for line in text.partition("\n\n")[0].splitlines())
    facts = {name.strip(): value.strip() for name, value in facts.items()}
    told = ("avx2", "avx512f", "avx512_bf16", "avx512_fp16", "amx_bf16")
    flags = [flag for flag in told if flag in facts.get("flags", "").split()]
    return " ".join([facts.get("model name", platform.processor()), *flags])


def _commit() -> str:
    """The commit of a checkout that runs itself; empty where the suite is installed."""
    root = Path(__file__).resolve().parent.parent
    if not (root / ".git").exists():
        return ""
    done = subprocess.run(
        ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=12"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()
