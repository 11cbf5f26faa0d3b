"""Notify people about deadlines: by mail, through a webhook, or through the police force's
pager."""
