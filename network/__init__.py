"""Analysis and export of the network of people, vehicles, phones and places."""
