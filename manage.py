#!/usr/bin/env python
"""Django's command-line door."""

import os
import sys

# These two belong to this machine alone and need no secrets of an owner.
ON_THIS_MACHINE = {"demo", "sandbox"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "destinyvault.settings")
    if ON_THIS_MACHINE.intersection(sys.argv[1:2]):
        os.environ.update(DEBUG="on", ENV_FILE="")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Cannot start: {error}")


if __name__ == "__main__":
    main()
