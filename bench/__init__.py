"""Benchmarks: this integration beside Home Assistant's own ways to the same data, and the limit."""
