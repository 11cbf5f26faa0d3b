"""Tests of the views, which read events and write rows."""
