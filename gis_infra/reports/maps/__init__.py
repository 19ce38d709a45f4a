"""Small maps for paper, drawn by ourselves as SVG."""
