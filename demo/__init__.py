"""The demonstration: a simulated vendor, a real Home Assistant, and the story of the two."""
