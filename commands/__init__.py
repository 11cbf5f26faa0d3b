"""Commands: what a person may do, and what is recorded when they do it. One file per aggregate."""
