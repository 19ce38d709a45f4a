"""Whom a service reaches."""
