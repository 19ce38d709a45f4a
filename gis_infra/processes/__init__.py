"""The list of long jobs: inputs, outputs, function."""
