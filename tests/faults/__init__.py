"""A store survives faults: loss of files, kills, a full disk, and a clock that goes back."""
