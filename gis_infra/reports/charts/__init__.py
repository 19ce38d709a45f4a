"""Small charts for paper, drawn by ourselves as SVG. Pure: the same values are the same file."""
