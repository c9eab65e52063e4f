"""The engine: runs cases on frameworks, in isolated processes, and judges what they did.

This file travels into the interpreters of the backends, so it imports nothing.
"""

__version__ = "0.1.0"
