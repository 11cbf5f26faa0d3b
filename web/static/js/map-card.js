// The card beside the map: the data of a person or link, and the actions for it.
const panel = document.getElementById("panel");

function part(name, text, href) {
  const made = document.createElement(name);
  if (href) {
    made.href = href;
    made.className = "govuk-link";
  }
  made.textContent = text;
  return made;
}

export function say(text) {
  panel.replaceChildren(part("p", text));
}

function facts(pairs) {
  const list = document.createElement("dl");
  list.className = "c-facts";
  for (const [term, ...told] of pairs) {
    const row = document.createElement("div");
    const value = document.createElement("dd");
    value.append(...told);
    row.append(part("dt", term), value);
    list.append(row);
  }
  return list;
}

// Returns buttons, each with its words and its action.
function acts(pairs) {
  const row = document.createElement("p");
  row.className = "c-map__acts";
  for (const [words, act] of pairs) {
    const button = part("button", words);
    button.type = "button";
    button.className = "c-act";
    button.addEventListener("click", act);
    row.append(button);
  }
  return row;
}

const day = (at) => (at ? at.slice(0, 10) : "not known");
const spaced = (parts) => parts.flatMap((one) => [one, " "]);
const marked = (one) => [...one.categories, ...(one.is_child ? ["under 18"] : []), ...(one.identified || one.kind !== "person" ? [] : ["not identified"])];

// Opens the field above the map that finds the connection from this item to another.
function connect(name) {
  const button = part("button", "Find a connection");
  button.type = "button";
  button.className = "c-plain-link";
  button.addEventListener("click", () => {
    document.getElementById("a").value = name;
    document.getElementById("b").focus();
  });
  return button;
}

export function showNode(node, query, can, notes) {
  const one = node.data();
  const ties = node.connectedEdges(":visible").not(".went");
  panel.replaceChildren(
    part("h2", one.label),
    facts([["What", one.kind], ["As", marked(one).join(", ") || "-"], ["Also known as", one.names.filter((name) => name !== one.label).join(", ") || "-"], ["Links on this map", String(ties.length)], ...(one.joins.length ? [["Bridge", `joins parts of ${one.joins.join(", ")} that no other link shown here joins`]] : [])]),
    part("a", "Open the record", `/people/${one.id}`),
    document.createElement("br"),
    part("a", "Centre", `/map/${one.id}?${query()}`),
    document.createElement("br"),
    connect(one.label),
    acts(can),
    ...notes,
  );
}

export function showTie(edge, called, notes) {
  const one = edge.data();
  const end = (id) => part("a", called(id), `/people/${id}`);
  const trails = one.ids.map((id, at) => part("a", one.ids.length > 1 ? `Trail ${at + 1}` : "Trail", `/trail/${id}`));
  const rests = one.evidence.map((id, at) => part("a", one.evidence.length > 1 ? `Log entry ${at + 1}` : "Log entry", `/items/${id}`));
  panel.replaceChildren(
    part("h2", one.kind.replaceAll("-", " ")),
    facts([
      ["Between", end(one.source), " and ", end(one.target)],
      ["Grade", `${one.stage} ${one.grade || "ungraded"}${one.undermined ? ", undermined" : ""}`],
      ["Handling", one.handling ?? "-"],
      ["Independent sources", `${one.roots || "not known"}${one.circular ? " (these accounts repeat one source)" : ""}`],
      ...one.one_root.map((why) => ["B with one source", why]),
      ["Active", `${day(one.valid_from)} to ${one.valid_to ? day(one.valid_to) : "now, as far as known"}`],
      ["Known from", day(one.known_from)],
      ["Trail", ...spaced(trails)],
      ["Evidence", ...spaced(rests)],
    ]),
    ...notes,
  );
}

export function showMany(nodes, can) {
  const names = document.createElement("ul");
  names.append(...nodes.map((one) => part("li", one.data("label"))));
  panel.replaceChildren(part("h2", `${nodes.length} selected`), acts(can), names);
}

export function focusOn(words) {
  [...panel.querySelectorAll("button")].find((button) => button.textContent === words)?.focus();
}
