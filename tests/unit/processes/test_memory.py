"""What a process keeps of the memory it gave back."""

import subprocess
import sys

# Pieces as large as those of a page, taken and given back ten times; what the system cleared meanwhile, by 4 kB.
ROUNDS = """
import resource
from gis_infra.processes import memory
{before}
def take():
    return [bytearray(1_300_000) for _ in range(3)]
for _ in range(3):
    take()
start = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    take()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - start)
"""


def count_faults(before: str) -> int:
    """The pages of memory that ten rounds had the system clear, in a process of their own."""
    program = [sys.executable, "-c", ROUNDS.format(before=before)]
    return int(subprocess.run(program, check=True, capture_output=True, text=True).stdout)


def test_memory_that_one_answer_gave_back_is_there_for_the_next():
    assert count_faults("assert memory.keep_freed()") < 100 < count_faults("")


SEARCH = """
import gc
from gis_infra.processes import memory
stays = [[each] for each in range(1000)]
{before}
print(sum(each in stays for each in gc.get_objects() if isinstance(each, list) and len(each) == 1))
"""


def count_looked_through(before: str) -> int:
    """Of a thousand lists, those that the interpreter looks through for garbage, in a process of its own."""
    program = [sys.executable, "-c", SEARCH.format(before=before)]
    return int(subprocess.run(program, check=True, capture_output=True, text=True).stdout)


def test_what_stays_is_not_looked_through_again():
    assert count_looked_through("memory.set_apart()") == 0
    assert count_looked_through("") == 1000
