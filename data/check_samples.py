"""Hold the sample files to planted.yaml by a second opinion: `python data/check_samples.py [FOLDER]`.

Prints what differs; the exit code is 1 if anything does.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from second_opinion.comparing import compare  # the folder of this script must be on the path first

if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent / "sample_shapefiles"
    differences = compare(target)
    print("\n".join(differences) or "the files hold what planted.yaml says, and nothing else")
    sys.exit(1 if differences else 0)
