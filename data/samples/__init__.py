"""The generator of the sample quarter: streets first, then what stands along them, then what lies below them.

Everything here is invented, and nothing here is imported by the program. Coordinates are metres in EPSG:9210
(VN-2000 / TM-3 105°45'), easting first, until `writing` converts them to what each department keeps.
"""
