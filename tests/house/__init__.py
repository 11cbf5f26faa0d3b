"""Tests of the source code itself: its imports, its wheel, its lock files and its pages."""
