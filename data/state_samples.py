"""Say in one line what the sample quarter and all that makes and checks it are now: `python data/state_samples.py`.

`script/samples` keeps the line in `data/samples.sha256` when the files were made again to the byte and the second
opinion had nothing to say; a test of every day compares the two, which takes no time.
"""

import hashlib
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
KEPT = FOLDER / "samples.sha256"


def tell_state() -> str:
    """The SHA-256 of the generator, the second opinion and the files, by name and content, as hexadecimal digits."""
    whole = hashlib.sha256()
    for path in sorted(each for each in FOLDER.rglob("*") if each.is_file() and each != KEPT):
        # What tools keep beside their work is no part of it: __pycache__, .mypy_cache and the like.
        if not any(part == "__pycache__" or part.startswith(".") for part in path.relative_to(FOLDER).parts):
            whole.update(f"{path.relative_to(FOLDER).as_posix()}\0{path.stat().st_size}\0".encode())
            whole.update(path.read_bytes())
    return whole.hexdigest()


if __name__ == "__main__":
    print(tell_state())
