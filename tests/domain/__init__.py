"""Tests of the rules for events."""
