"""`make bench`: figures of this machine, as ratios within one run."""

import importlib
import os
import pkgutil
import sys
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

wanted = set(sys.argv[1:])
for module in sorted(
    info.name for info in pkgutil.iter_modules([str(Path(__file__).parent)]) if info.name != "__main__"
):
    if not wanted or module in wanted:
        measure = getattr(importlib.import_module(f"tests.bench.{module}"), "main", None)
        if measure:  # full_manifest is what others measure on
            measure()
