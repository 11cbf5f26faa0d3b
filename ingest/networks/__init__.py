"""Networks that another program wrote, in its own format: readers, and the table they become."""
