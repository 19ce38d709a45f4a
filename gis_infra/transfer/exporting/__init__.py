"""Files out: features the caller may see, by the same reader as the API, as a file that is whole or not there."""
