"""Hold the sample files to planted.yaml by a second opinion: `python data/check_samples.py [--count] [FOLDER]`.

Prints what differs; the exit code is 1 if anything does. With --count it counts anew what is found besides what is
planted, and keeps the numbers in `second_opinion/background.yaml`.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the oracle of the tests is the second opinion
sys.path.insert(0, str(Path(__file__).resolve().parent))

from second_opinion.comparing import compare, write_background  # the folder of this script must be on the path first

if __name__ == "__main__":
    said = [word for word in sys.argv[1:] if word != "--count"]
    target = Path(said[0]) if said else Path(__file__).resolve().parent / "sample_shapefiles"
    if "--count" in sys.argv:
        write_background(target)
    differences = compare(target)
    print("\n".join(differences) or "the files hold what planted.yaml says, and nothing else")
    sys.exit(1 if differences else 0)
