// The map: places come from the server, the same for everybody; filters and sliders ask anew and
// move nothing. Whatever it shows stands in the table below as well.
import "/static/js/live.js";
import { onPaper } from "/static/js/paper.js";

const place = document.getElementById("map");
const panel = document.getElementById("panel");
const ask = document.getElementById("ask");
const SYMBOLS = JSON.parse(document.getElementById("symbols").textContent);
const PICTURES = Object.fromEntries(Object.entries(SYMBOLS).map(([name, svg]) => [name, `data:image/svg+xml,${encodeURIComponent(svg)}`]));
const picture = (name) => PICTURES[name];
// What is drawn first came with the page. Of very many the lines are plain and vanish while the map
// moves, and only the best tied bear their names from afar.
const FIRST = JSON.parse(document.getElementById("drawn").textContent);
const MANY = 300;
const FEW = 80;
const many = FIRST.nodes.length > MANY;
const dark = matchMedia("(prefers-color-scheme: dark)").matches;
const INK = dark ? "#eef1f4" : "#0b0c0c";
const DOT = dark ? "#b5bfc9" : "#505a5f";
const PAPER = dark ? "#12181f" : "#ffffff";
const RED = dark ? "#ff9d97" : "#b3401a";
// The lines are those of every picture: what says how sure a tie is has one look everywhere.
const LINES = JSON.parse(document.getElementById("lines").textContent);

for (const image of document.querySelectorAll("img[data-symbol]")) image.src = picture(image.dataset.symbol);

// Letters stay readable however far away the map is: they grow as it shrinks, up to a measure. Of
// very many only those of the best tied do, and the others' names come when one is near.
const READABLE = 12;
const NEAR = 0.6;
const MARGIN = 70;
const grown = (zoom, most) => Math.min(Math.max(READABLE / zoom, 14), most);
const most = () => (many ? 1000 : FIRST.nodes.length > FEW ? 16 : 20);

// All of it, or on a small screen the middle of it, as near as it can be read.
function view(spots, all) {
  const xs = spots.map((one) => one.x);
  const ys = spots.map((one) => one.y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const [wide, high] = [place.clientWidth, place.clientHeight];
  const zoom = Math.min(wide / (right - left + 2 * MARGIN), high / (bottom - top + 2 * MARGIN), 1.5);
  const centred = (x, y, near) => ({ zoom: near, pan: { x: wide / 2 - x * near, y: high / 2 - y * near } });
  const middle = spots.find((one) => one.focus);
  if (all || many || zoom >= 0.45 || !middle) return centred((left + right) / 2, (top + bottom) / 2, zoom);
  return centred(middle.x, middle.y, 0.55);
}

const start = FIRST.nodes.length ? view(FIRST.nodes.map((one) => ({ x: one.x, y: one.y, focus: FIRST.focus.includes(one.id) })), false) : { zoom: 1, pan: { x: 0, y: 0 } };

function sizes(size) {
  const letters = many ? 14 : size;
  return {
    node: { "font-size": letters, "width": letters * 2.7, "height": letters * 2.7 },
    focus: { "font-size": letters * 1.1, "width": letters * 3.6, "height": letters * 3.6 },
    edge: { "font-size": letters * 0.85 },
  };
}

function elements(found) {
  const much = found.nodes.length > MANY;
  const focus = new Set(found.focus);
  const nodes = found.nodes.map((one) => ({
    group: "nodes",
    data: one,
    position: { x: one.x, y: one.y },
    classes: [focus.has(one.id) ? "focus" : "", one.named ? "named" : "unnamed"],
  }));
  const ties = found.links.map((one) => ({
    group: "edges",
    data: { ...one, id: one.ids[0], grade: one.grade ?? "" },
    classes: [one.undermined ? "undermined" : "", one.directed ? "directed" : "", much ? "plain" : ""],
  }));
  return [...nodes, ...ties];
}

// Names are as wide as the server reckoned in its own letters alone: the map waits for them.
const letters = [400, 700].map((weight) => new FontFace("ContinuumMap", `url(/static/fonts/arimo-${weight}.woff2)`, { weight }));
await Promise.all(letters.map(async (one) => document.fonts.add(await one.load()))).catch(() => {});

const symbolled = (which, more) => Object.keys(PICTURES).map((name) => ({ selector: `${which}[symbol = "${name}"]`, style: { "background-image": picture(name), ...more } }));
const sized = sizes(grown(start.zoom, most()));
const cy = cytoscape({
  container: place,
  elements: elements(FIRST),
  layout: { name: "preset", fit: false },
  ...start,
  minZoom: Math.min(0.1, start.zoom / 2),
  maxZoom: many ? 1.5 : 4,
  ...(many ? { pixelRatio: 1, hideEdgesOnViewport: true } : {}),
  style: [
    { selector: "node", style: { "background-opacity": 0, "background-fit": "contain", "label": "data(lines)", "font-family": "ContinuumMap, arial, sans-serif", "color": INK, "text-valign": "bottom", "text-margin-y": 4, "text-wrap": "wrap", "text-max-width": 2000, "text-background-color": PAPER, "text-background-opacity": 0.85, "text-background-padding": 2, "min-zoomed-font-size": 7, ...sized.node } },
    ...symbolled("node", {}),
    { selector: "node.focus", style: { "font-weight": "bold", ...sized.focus } },
    ...(many ? [{ selector: "node.unnamed", style: { "label": "", "background-image": "none", "background-opacity": 1, "background-color": DOT } }, ...symbolled("node.unnamed.near", { "label": "data(lines)", "background-opacity": 0 }), { selector: "node.named", style: { "z-index": 2, "font-weight": "bold", "font-size": grown(start.zoom, most()) } }, { selector: "node.crowded", style: { "label": "" } }] : []),
    { selector: "edge", style: { "curve-style": "bezier", "arrow-scale": 0.9, "label": "data(grade)", "font-family": "ContinuumMap, arial, sans-serif", "color": INK, "text-background-color": PAPER, "text-background-opacity": 0.85, "text-background-padding": 1, "min-zoomed-font-size": 9, ...sized.edge } },
    ...Object.entries(LINES).map(([look, { width, dashes, faint }]) => ({ selector: `edge[look = "${look}"]`, style: { width, "line-color": faint ? DOT : INK, "target-arrow-color": faint ? DOT : INK, "line-cap": faint ? "round" : "butt", ...(dashes.length ? { "line-style": "dashed", "line-dash-pattern": dashes } : {}) } })),
    { selector: "edge.directed", style: { "target-arrow-shape": "triangle" } },
    { selector: "edge.plain", style: { "curve-style": "haystack", "label": "", "width": 1.5 } },
    { selector: "edge.plain.near", style: { "curve-style": "straight", "label": "data(grade)" } },
    { selector: "edge.undermined", style: { "label": (edge) => `× ${edge.data("grade")}`, "color": RED, "font-weight": "bold" } },
    { selector: ":selected", style: { "overlay-color": "#fd0", "overlay-opacity": 0.45, "overlay-padding": 8, "label": (one) => one.data("label") ?? one.data("grade") } },
  ],
});

function legible() {
  const size = grown(cy.zoom(), most());
  if (Math.abs(size - legible.size) < legible.size / 14) return;
  legible.size = size;
  if (many) return cy.$("node.named").style({ "font-size": size });
  const { node, focus, edge } = sizes(size);
  cy.style().selector("node").style(node).selector("node.focus").style(focus).selector("edge").style(edge).update();
}
legible.size = grown(start.zoom, most());
cy.on("zoom", legible);

// No name over another: the best tied keep theirs.
function thin() {
  const boxes = [];
  const wide = READABLE * 0.62;
  cy.batch(() => cy.$("node.named").sort((a, b) => b.degree() - a.degree()).forEach((one) => {
    const { x, y } = one.renderedPosition();
    const half = Math.max(READABLE, (one.data("label").length * wide) / 2);
    const clear = boxes.every((box) => Math.abs(box.x - x) > box.half + half || Math.abs(box.y - y) > 1.5 * READABLE);
    one.toggleClass("crowded", !clear);
    if (clear) boxes.push({ x, y, half });
  }));
}

// Whoever is on the screen has a name and a symbol, once it is near enough to tell them all.
function nameTheNear() {
  thin();
  const shown = cy.zoom() >= NEAR ? cy.extent() : null;
  const within = ({ x, y }) => shown && x > shown.x1 && x < shown.x2 && y > shown.y1 && y < shown.y2;
  const near = shown ? cy.nodes().filter((one) => within(one.position())) : cy.collection();
  const seen = near.union(near.connectedEdges());
  cy.batch(() => {
    cy.$(".near").difference(seen).removeClass("near");
    seen.addClass("near");
  });
}
let naming = 0;
if (many) {
  thin();
  cy.on("viewport", () => {
    clearTimeout(naming);
    naming = setTimeout(nameTheNear, 150);
  });
}

// Whom the map is about; of the whole network, the best tied.
function middle() {
  const focus = cy.$("node.focus");
  return focus.length ? focus : cy.collection(cy.nodes().max((one) => one.degree()).ele);
}

function frame(all) {
  const spots = cy.nodes().map((one) => ({ ...one.position(), focus: one.hasClass("focus") }));
  if (spots.length) cy.viewport(view(spots, all));
}

// --- asking -------------------------------------------------------------------------------------

function query() {
  const given = new URLSearchParams(new FormData(ask));
  for (const [name, value] of [...given]) if (!value) given.delete(name, value);
  return given.toString();
}

function draw(found) {
  const [chosen] = cy.$(":selected");
  const stood = chosen?.isNode() ? { ...chosen.renderedPosition() } : null;
  cy.batch(() => {
    cy.elements().remove();
    cy.add(elements(found));
  });
  const again = chosen ? cy.getElementById(chosen.id()) : cy.collection();
  again.select();
  if (stood && again.length) {  // whoever is looked at stays where they are on the screen
    const stands = again.renderedPosition();
    cy.panBy({ x: stood.x - stands.x, y: stood.y - stands.y });
  }
  place.dataset.shown = String(found.nodes.length);
}

let asked = 0;
async function show() {
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
  draw(found);
  document.getElementById("as-of").textContent = `${found.as_of}. Ties are leads, never findings.`;
  list(await table.text());
  document.getElementById("export").action = `/map/${place.dataset.who}/export?${wanted}`;
  document.getElementById("changed").hidden = true;
  history.replaceState(null, "", `?${wanted}`);
  const back = document.getElementById("why-back");
  if (back) back.value = location.pathname + location.search;
}

function list(html) {
  document.getElementById("table").replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
}

// The table's other pages come without the map being drawn again.
document.getElementById("table").addEventListener("click", async (event) => {
  const link = event.target.closest(".c-pager a");
  if (!link) return;
  event.preventDefault();
  const answer = await fetch(link.href.replace("?", "/table?")).catch(() => null);
  if (!answer?.ok) return location.assign(link.href);
  list(await answer.text());
  document.getElementById("counts").scrollIntoView();
  document.querySelector("#table .c-scroll").focus({ preventScroll: true });
});

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
    document.createElement("br"),
    part("a", "The way to somebody else", `/path?a=${one.id}`),
    further(one.id),
  );
}

// One tie further from somebody who is shown, and back.
function further(id) {
  if (place.dataset.who === "whole") return "";
  const there = [...ask.querySelectorAll("input[name=also]")].find((field) => field.value === id);
  const button = part("button", there ? "Without who else is tied" : "Who else is tied");
  button.type = "button";
  button.className = "c-act";
  button.setAttribute("aria-pressed", String(Boolean(there)));
  button.addEventListener("click", async () => {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "also", value: id });
    if (there) there.remove();
    else ask.append(field);
    await show();
    panel.querySelector("button[aria-pressed]")?.focus();
  });
  const row = part("p", "");
  row.append(button);
  return row;
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
      ["Independent roots", `${one.roots || "not known"}${one.circular ? " (circular: one account, told again)" : ""}`],
      ...one.one_root.map((why) => ["B on one root", why]),
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
  const from = cy.$("node:selected")[0] ?? middle()[0];
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

onPaper(cy, LINES, PICTURES);
place.dataset.shown = String(FIRST.nodes.length);
// For whoever measures: from here on it answers.
cy.one("render", () => performance.mark("map"));
