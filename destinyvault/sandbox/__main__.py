"""python -m destinyvault.sandbox --port …"""

import argparse
import sys

from destinyvault.sandbox.options import CannotStart, add_options, run


def main() -> None:
    parser = argparse.ArgumentParser(prog="destinyvault.sandbox", description="A Bungie.net on this machine.")
    add_options(parser)
    try:
        run(vars(parser.parse_args()), say)
    except CannotStart as error:
        sys.exit(f"error: {error}")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


main()
