"""`conformance` and `python -m conformance`."""

import sys
from pathlib import Path


def main() -> None:
    """Run the command line, once it is sure that its four packages are the ones that belong together."""
    import cases
    import conformance
    import reference
    import reports

    home = Path(conformance.__file__).resolve().parent.parent
    for package in (cases, reference, reports):
        there = Path(package.__file__ or "").resolve().parent.parent
        if there != home:
            print(
                f"conformance: the package {package.__name__!r} was found in {there}, but belongs in {home}. Another "
                "package or folder of that name comes first on sys.path: remove it, or start from another folder.",
                file=sys.stderr,
            )
            sys.exit(2)
    from conformance.cli import cli

    cli()


if __name__ == "__main__":
    main()
