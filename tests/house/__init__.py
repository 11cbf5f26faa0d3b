"""Tests of the source itself: its imports, its wheel, its lock files and its pages."""
