"""What forces offer to each other: the blind tokens, who keeps their key, and where they meet."""
