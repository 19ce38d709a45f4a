"""The importer's words in Vietnamese: tables of what is said and the same said otherwise, a table a subject.

In what is said instead, \\1 is the first group as it was and {1} the same translated in its turn. What is in no table
stays as it is.
"""
