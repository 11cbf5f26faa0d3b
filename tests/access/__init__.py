"""Tests of the access rules and of the access log."""
