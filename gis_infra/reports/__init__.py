"""What a person takes away: the register of conflicts, coverage tables."""
