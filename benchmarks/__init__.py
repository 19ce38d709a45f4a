"""How fast the program is beside its peers: each module is run as `python -m benchmarks.NAME`, by script/bench."""
