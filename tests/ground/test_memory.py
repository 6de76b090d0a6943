"""Web server and cluster fork workers, which share what was loaded before."""

import subprocess
import sys

import pytest

# The child's own pages, in kB, before and after a collection of garbage.
FORKED = """
import gc, os, sys
import django
django.setup()
from destinyvault import memory
if sys.argv[1] == "told":
    memory.before_forking()

def own():
    with open("/proc/self/smaps_rollup") as rollup:
        return sum(int(line.split()[1]) for line in rollup if line.startswith("Private_Dirty"))

if os.fork() == 0:
    before = own()
    gc.collect()
    print(before, own(), flush=True)
else:
    os.wait()
"""


def grown(how):
    command = [sys.executable, "-c", FORKED, how]
    before, after = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    return int(after) - int(before)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells whose a page of memory is")
def test_a_collection_in_a_worker_copies_nothing_of_what_was_loaded_before():
    assert grown("told") < 0.2 * grown("untold")
