"""A second opinion on the sample data: every conflict and every unserved building, by plain Shapely.

Shares no code with the program and reads no rule file: the numbers stand here again, from QCVN 01:2019/BXD table 2.31
and the decrees named in `layers/rules/`. Slow and simple on purpose.
"""
