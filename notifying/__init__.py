"""How people are told that something is due: by mail, by a webhook, by the force's pager."""
