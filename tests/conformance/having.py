"""What the suites say when they cannot be run here."""


class NotToBeHad(Exception):
    """The suite, or what runs it, is not here and cannot be fetched."""
