"""Analytics: computations over the whole network, which may outgrow one process."""
