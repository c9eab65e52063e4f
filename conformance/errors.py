"""Errors that are the user's to mend: one sentence that names the value, and the way out."""


class UsageError(Exception):
    """What was asked for cannot be: `message` names the value, `way_out` says what to write instead (exit code 2)."""

    def __init__(self, message: str, way_out: str | None = None) -> None:
        super().__init__(message, way_out)
        self.message = message
        self.way_out = way_out

    def __str__(self) -> str:
        return f"{self.message}\n{self.way_out}" if self.way_out else self.message
