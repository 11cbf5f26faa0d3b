"""Tests of access rules and of the access log."""
