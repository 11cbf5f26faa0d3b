"""What may a person do, and what is recorded when they do it? One file per aggregate."""
