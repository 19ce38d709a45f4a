"""Whom to ask and tell before digging: the contacts of owners, kept in the database."""
