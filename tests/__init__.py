"""Tests of Vendor Bridge; the folders mirror the code."""
