"""Rows made fit for a layer: values converted, shapes mended, rules asked."""
