"""`make bench`: figures of this machine, as ratios within one run. `python -m tests.bench manifest` is one of them.

Exit 1 where a figure misses what is asked of it; whatever else the machine does is part of every figure.
"""

import importlib
import os
import pkgutil
import sys
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

names = sorted(info.name for info in pkgutil.iter_modules([str(Path(__file__).parent)]))
modules = {name: importlib.import_module(f"tests.bench.{name}") for name in names if name != "__main__"}
measures = {name: module.main for name, module in modules.items() if hasattr(module, "main")}
if unknown := set(sys.argv[1:]) - set(measures):
    sys.exit(f"There is no bench of {', '.join(sorted(unknown))}; there are {', '.join(measures)}.")
for name in sys.argv[1:] or [name for name in measures if not hasattr(modules[name], "ON_REQUEST")]:
    measures[name]()
missed = modules["targets"].missed
sys.exit(f"Missed: {'; '.join(missed)}." if missed else 0)
