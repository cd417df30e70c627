"""Modules that Home Assistant imports in the demo where their packages are not to be had."""
