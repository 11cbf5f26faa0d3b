"""Functions that read the map in a browser."""

#: A script that selects a person on the map. It returns nothing, because the result of `select`
#: would be the whole network, which takes minutes to transfer.
CHOOSE = """(id) => { document.getElementById("map")._cyreg.cy.getElementById(id).select(); }"""
#: A script that returns whether this many nodes are on the map; tests wait until it returns true,
#: because a click may take effect a frame later.
SEEN = """(many) =>
  document.getElementById("map")._cyreg.cy.nodes(":visible").length === many"""
