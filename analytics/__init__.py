"""Analytics: computations over the whole network of people, which may outgrow one process."""
