"""Notifies people about deadlines: by mail, by a webhook, by the force's pager."""
