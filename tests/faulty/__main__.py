"""`python -m tests.faulty`: run every faulty adapter, or those that are named, and print what caught it."""

import sys

from tests.engine.faulty_run import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
