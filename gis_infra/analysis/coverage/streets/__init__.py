"""Distances along streets: from drawn lines to a graph, onto it, along it, and what lies within reach."""
