// The map: places come from the server, the same for everybody; filters and sliders ask anew and
// move nothing. Whatever it shows stands in the table below as well.
import "/static/js/live.js";

const place = document.getElementById("map");
const panel = document.getElementById("panel");
const ask = document.getElementById("ask");
const SYMBOLS = JSON.parse(document.getElementById("symbols").textContent);
const picture = (name) => `data:image/svg+xml,${encodeURIComponent(SYMBOLS[name])}`;
const dark = matchMedia("(prefers-color-scheme: dark)").matches;
const INK = dark ? "#eef1f4" : "#0b0c0c";
const PAPER = dark ? "#12181f" : "#ffffff";
const LINE = { information: dark ? "#f3c25f" : "#8a5a00", intelligence: dark ? "#8fc4f5" : "#1a65a6", evidence: dark ? "#7fd6b0" : "#0f6b47" };
const DASH = { information: "dotted", intelligence: "dashed", evidence: "solid" };

for (const image of document.querySelectorAll("img[data-symbol]")) image.src = picture(image.dataset.symbol);

const cy = cytoscape({
  container: place,
  layout: { name: "preset" },
  minZoom: 0.1,
  maxZoom: 4,
  style: [
    { selector: "node", style: { "width": 38, "height": 38, "background-opacity": 0, "background-image": "data(image)", "background-fit": "contain", "label": "data(label)", "font-size": 14, "font-family": "arial, sans-serif", "color": INK, "text-valign": "bottom", "text-margin-y": 4, "text-wrap": "wrap", "text-max-width": 130, "text-background-color": PAPER, "text-background-opacity": 0.85, "text-background-padding": 2, "min-zoomed-font-size": 7 } },
    { selector: "node.focus", style: { "width": 52, "height": 52, "font-weight": "bold", "font-size": 16 } },
    { selector: "edge", style: { "width": "data(width)", "line-color": "data(colour)", "line-style": "data(dash)", "curve-style": "bezier", "target-arrow-shape": "data(arrow)", "target-arrow-color": "data(colour)", "arrow-scale": 0.9, "label": "data(grade)", "font-size": 11, "color": INK, "text-background-color": PAPER, "text-background-opacity": 0.85, "text-background-padding": 1, "min-zoomed-font-size": 9 } },
    { selector: "edge.undermined", style: { "line-opacity": 0.45 } },
    { selector: ":selected", style: { "overlay-color": "#fd0", "overlay-opacity": 0.45, "overlay-padding": 8 } },
  ],
});

// Letters stay readable however far away the map is: they grow as it shrinks, up to a measure.
const READABLE = 12;
function legible() {
  const most = cy.nodes().length > 80 ? 16 : 26;
  const grown = Math.min(Math.max(READABLE / cy.zoom(), 14), most);
  if (Math.abs(grown - legible.size) < 1) return;
  legible.size = grown;
  cy.style()
    .selector("node").style({ "font-size": grown, "text-max-width": grown * 9, "width": grown * 2.7, "height": grown * 2.7 })
    .selector("node.focus").style({ "font-size": grown * 1.1, "width": grown * 3.6, "height": grown * 3.6 })
    .selector("edge").style({ "font-size": grown * 0.85 })
    .update();
}
legible.size = 14;
cy.on("zoom", legible);

// All of it, or on a small screen the middle of it, as near as it can be read.
function frame(all) {
  cy.fit(undefined, 30);
  if (all || cy.zoom() >= 0.45) return;
  cy.zoom(0.55);
  cy.center(cy.$("node.focus"));
}

function elements(found) {
  const nodes = found.nodes.map((one) => ({
    group: "nodes",
    data: { ...one, image: picture(one.symbol) },
    position: { x: one.x, y: one.y },
    classes: found.focus.includes(one.id) ? "focus" : "",
  }));
  const ties = found.links.map((one) => ({
    group: "edges",
    data: {
      ...one,
      id: one.ids[0],
      colour: LINE[one.stage],
      dash: DASH[one.stage],
      width: 1.5 + 3 * one.strength,
      arrow: one.directed ? "triangle" : "none",
      grade: one.grade ?? "",
    },
    classes: one.undermined ? "undermined" : "",
  }));
  return [...nodes, ...ties];
}

// --- asking -------------------------------------------------------------------------------------

function query() {
  const given = new URLSearchParams(new FormData(ask));
  for (const [name, value] of [...given]) if (!value) given.delete(name, value);
  return given.toString();
}

let asked = 0;
async function show({ fit = false } = {}) {
  const mine = ++asked;
  const wanted = query();
  place.setAttribute("aria-busy", "true");
  const headers = { accept: "application/json" };
  const [data, table] = await Promise.all([
    fetch(`/map/${place.dataset.who}/data?${wanted}`, { headers }),
    fetch(`/map/${place.dataset.who}/table?${wanted}`),
  ]).catch(() => []);
  if (mine !== asked) return;
  place.removeAttribute("aria-busy");
  if (!data) return say("No signal: the map shows what it showed before.");
  if (data.status === 401) return location.reload();
  if (!data.ok) return say((await data.json()).detail);
  const found = await data.json();
  const chosen = cy.$(":selected").id();
  cy.batch(() => {
    cy.elements().remove();
    cy.add(elements(found));
  });
  if (fit) frame(false);
  if (chosen) cy.getElementById(chosen).select();
  document.getElementById("as-of").textContent = `${found.as_of}. Ties are leads, never findings.`;
  document.getElementById("table").innerText = "";
  document.getElementById("table").append(...new DOMParser().parseFromString(await table.text(), "text/html").body.childNodes);
  document.getElementById("export").action = `/map/${place.dataset.who}/export?${wanted}`;
  document.getElementById("changed").hidden = true;
  place.dataset.shown = String(found.nodes.length);
  history.replaceState(null, "", `?${wanted}`);
}

let waiting = 0;
function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(show, 200);
}

function slider(id, name) {
  const range = document.getElementById(id);
  const stops = range.dataset.stops ? range.dataset.stops.split(" ") : [];
  const field = ask.elements[name];
  const said = document.getElementById(`${id}-said`);
  const tell = () => {
    said.textContent = field.value || range.dataset.end;
    range.setAttribute("aria-valuetext", said.textContent);
  };
  if (field.value) {
    const later = stops.findIndex((stop) => stop >= field.value.slice(0, 10));
    range.value = later < 0 ? stops.length : later;
  }
  range.addEventListener("input", () => {
    field.value = stops[range.value] ?? "";
    tell();
    soon();
  });
  tell();
}
slider("known", "as_known");
slider("world", "as_at");
ask.addEventListener("change", soon);
ask.addEventListener("submit", (event) => {
  event.preventDefault();
  soon();
});
document.body.addEventListener("continuum:changed", () => { document.getElementById("changed").hidden = false; });
document.getElementById("again").addEventListener("click", () => show());

// --- what is known of somebody, or of a tie -------------------------------------------------------

function part(name, text, href) {
  const made = document.createElement(name);
  if (href) {
    made.href = href;
    made.className = "govuk-link";
  }
  made.textContent = text;
  return made;
}

function say(text) {
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

const day = (at) => (at ? at.slice(0, 10) : "not known");
const spaced = (parts) => parts.flatMap((one) => [one, " "]);

function showNode(node) {
  const one = node.data();
  const marks = [...one.categories, ...(one.is_child ? ["under 18"] : []), ...(one.identified || one.kind !== "person" ? [] : ["not identified"])];
  panel.replaceChildren(
    part("h2", one.label),
    facts([["What", one.kind], ["As", marks.join(", ") || "-"], ["Also called", one.names.slice(1).join(", ") || "-"], ["Ties here", String(node.degree())]]),
    part("a", "Everything known", `/people/${one.id}`),
    document.createElement("br"),
    part("a", "Put in the middle", `/map/${one.id}?${query()}`),
  );
}

function showTie(edge) {
  const one = edge.data();
  const end = (id) => part("a", cy.getElementById(id).data("label"), `/people/${id}`);
  const trails = one.ids.map((id) => part("a", id.slice(-8), `/trail/${id}`));
  const rests = one.evidence.map((id) => part("a", id.slice(-8), `/items/${id}`));
  panel.replaceChildren(
    part("h2", one.kind),
    facts([
      ["Between", end(one.source), " and ", end(one.target)],
      ["Stands as", `${one.stage} ${one.grade || "ungraded"}${one.undermined ? ", undermined" : ""}`],
      ["Handling", one.handling ?? "-"],
      ["Independent roots", one.roots ? String(one.roots) : "not known"],
      ["True", `${day(one.valid_from)} to ${one.valid_to ? day(one.valid_to) : "now, as far as known"}`],
      ["Known from", day(one.known_from)],
      ["Trail", ...spaced(trails)],
      ["Rests on", ...spaced(rests)],
    ]),
  );
}

cy.on("select", "node", (event) => showNode(event.target));
cy.on("select", "edge", (event) => showTie(event.target));

// --- by keyboard: along the ties, in the direction of the arrow -----------------------------------

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function along(key) {
  const from = cy.$("node:selected")[0] ?? cy.$("node.focus")[0];
  if (!from || !cy.$("node:selected").length) return from?.select();
  const [x, y] = WAYS[key];
  const at = from.position();
  const ahead = (one) => {
    const to = one.position();
    const far = Math.hypot(to.x - at.x, to.y - at.y) || 1;
    return ((to.x - at.x) * x + (to.y - at.y) * y) / far - far / 5000;
  };
  const best = from.neighborhood("node").max(ahead);
  if (best.ele && best.value > 0.2) {
    cy.$(":selected").unselect();
    best.ele.select();
    cy.animate({ center: { eles: best.ele } }, { duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150 });
  }
}

const nearer = (by) => cy.zoom({ level: cy.zoom() * by, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
document.getElementById("nearer").addEventListener("click", () => nearer(1.25));
document.getElementById("further").addEventListener("click", () => nearer(0.8));
document.getElementById("all").addEventListener("click", () => frame(true));

place.addEventListener("keydown", (event) => {
  const { key } = event;
  if (WAYS[key]) along(key);
  else if (key === "Enter") panel.querySelector("a")?.focus();
  else if (key === "+" || key === "=") nearer(1.25);
  else if (key === "-") nearer(0.8);
  else if (key === "0") frame(true);
  else if (key === "Escape") cy.$(":selected").unselect();
  else return;
  event.preventDefault();
});

show({ fit: true });
