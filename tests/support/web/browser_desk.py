"""Functions that read the map in a browser."""

#: A script that chooses a person on the map and stores their place on the screen. It returns
#: nothing, because `select` would return the whole network, which takes minutes to write.
CHOOSE = """(id) => { document.getElementById("map")._cyreg.cy.getElementById(id).select(); }"""
#: A script that returns whether this many nodes are on the map; tests wait for it, because a click
#: may take effect a frame later.
SEEN = """(many) =>
  document.getElementById("map")._cyreg.cy.nodes(":visible").length === many"""
