"""Faults that a store survives: loss, kills, a full disk, a clock that goes back."""
