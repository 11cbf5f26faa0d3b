"""What is read of the map in a browser."""

#: Somebody on the map is chosen, and where they stand on the screen. Nothing is given back: what
#: `select` gives is the whole network, and minutes pass until it is written down.
CHOOSE = """(id) => { document.getElementById("map")._cyreg.cy.getElementById(id).select(); }"""
#: Whether so many stand on the map; waited for, since a click may come a frame later.
SEEN = """(many) =>
  document.getElementById("map")._cyreg.cy.nodes(":visible").length === many"""
