"""Benchmarks, each run as a module; its docstring says how. All use one thread; NumPy learns that before it loads."""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
