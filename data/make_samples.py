"""Make the sample quarter anew: `python data/make_samples.py [FOLDER]`, by default `data/sample_shapefiles`.

Deterministic: the same files to the byte on every run. What the files are like, and what is planted in them, is told in
`README.md`, `manifest.yaml` and `planted.yaml`, which are written along with them.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the oracle of the tests is the second opinion
sys.path.insert(0, str(Path(__file__).resolve().parent))

from samples.making import make  # the folder of this script must be on the path first

if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent / "sample_shapefiles"
    for line in make(target):
        print(line)
