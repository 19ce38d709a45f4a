"""How far a service reaches: facilities, and one module for each way to tell whom they serve."""
