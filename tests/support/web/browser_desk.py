"""Functions that read the map in a browser."""

#: Somebody on the map is chosen, and where they stand on the screen. Nothing is given back: what
#: `select` gives is the whole network, and minutes pass until it is written down.
CHOOSE = """(id) => { document.getElementById("map")._cyreg.cy.getElementById(id).select(); }"""
#: A script that returns whether this many nodes are on the map; tests wait for it, because a click
#: may apply a frame later.
SEEN = """(many) =>
  document.getElementById("map")._cyreg.cy.nodes(":visible").length === many"""
