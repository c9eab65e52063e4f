"""Adapters that are the NumPy reference with one fault each, to prove that the suite sees the fault.

They are shipped to a worker: only the standard library, NumPy, the adapters and the reference are imported here. What
each must be judged to be stands in `tests/engine/faults.py`, and `tests/engine/faulty_run.py` runs them. The class
docstring is the fault, in a sentence. Every class here that no other is made from is such an adapter.

`python -m tests.faulty` prints what caught which; with names behind it, of these adapters only.
"""
