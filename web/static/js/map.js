// The map. Positions of nodes come from the server and are the same for all users. When the user
// sets filters or days, the data is loaded again and no node moves. The list beside the map and the
// table below it show the same links.
import "/static/js/live.js";
import { focusOn, say, showMany, showNode, showTie } from "/static/js/map-card.js";
import { CHART, PINS, isNoted, noteOn, saving } from "/static/js/map-chart.js";
import { underlay } from "/static/js/map-groups.js";
import { hand } from "/static/js/map-hand.js";
import { FIRST, LINES, PICTURES, elements, lettersAt, many, READABLE, sizes, styles } from "/static/js/map-look.js";
import { besideMap } from "/static/js/map-list.js";
import { fault, mode, state, times } from "/static/js/map-time.js";
import { onPaper } from "/static/js/paper.js";

const place = document.getElementById("map");
const panel = document.getElementById("panel");
const ask = document.getElementById("ask");
const NEAR = 0.6;
const MARGIN = 100;
const TOOLS = 48; // the height in pixels that the buttons cover at the top
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

for (const image of document.querySelectorAll("img[data-symbol]")) image.src = PICTURES[image.dataset.symbol];

// Zooms so that all of the map is visible; on a small screen, so that its middle is readable.
function view(spots, all) {
  const xs = spots.map((one) => one.x);
  const ys = spots.map((one) => one.y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const [wide, high] = [place.clientWidth, place.clientHeight - TOOLS];
  const zoom = wide < 1 ? 1 : Math.min(wide / (right - left + 2 * MARGIN), high / (bottom - top + 2 * MARGIN), 1.5);
  const centred = (x, y, near) => ({ zoom: near, pan: { x: wide / 2 - x * near, y: TOOLS + high / 2 - y * near } });
  const middle = spots.find((one) => one.focus);
  if (all || many || zoom >= 0.45 || !middle) return centred((left + right) / 2, (top + bottom) / 2, zoom);
  return centred(middle.x, middle.y, 0.55);
}
const start = FIRST.nodes.length ? view(FIRST.nodes.map((one) => ({ ...(PINS.get(one.id) ?? { x: one.x, y: one.y }), focus: FIRST.focus.includes(one.id) })), false) : { zoom: 1, pan: { x: 0, y: 0 } };

// The server computed the widths of names with its own font, so the map is drawn only after that
// font is loaded.
const letters = [400, 700].map((weight) => new FontFace("ContinuumMap", `url(/static/fonts/arimo-${weight}.woff2)`, { weight }));
await Promise.all(letters.map(async (one) => document.fonts.add(await one.load()))).catch(() => {});

let shown = FIRST;
const cy = cytoscape({
  container: place,
  elements: elements(FIRST, PINS),
  layout: { name: "preset", fit: false },
  ...start,
  minZoom: Math.min(0.1, start.zoom / 2),
  maxZoom: many ? 1.5 : 4,
  ...(many ? { pixelRatio: 1, hideEdgesOnViewport: true } : {}),
  style: styles(start.zoom),
});
const byHand = hand(cy, CHART, PINS);
byHand.fold();
saving(ask, byHand);

// People, things and links that have a note get a ring.
const idsOf = (one) => one.data("ids") ?? [one.id()];
const ring = () => cy.batch(() => cy.elements().forEach((one) => one.toggleClass("noted", isNoted(idsOf(one)))));
if (CHART.notes.length) ring();
underlay(cy, place, () => shown.together, () => byHand.folds);

// If the map fills a small window, the mouse wheel scrolls the page instead of zooming.
place.parentElement.addEventListener("wheel", (event) => {
  if (!event.ctrlKey && innerWidth < 768) event.stopPropagation();
}, { capture: true });

// The links of the node under the pointer show their words; everything else is dimmed.
function point(node, on) {
  const near = node.closedNeighborhood();
  cy.batch(() => {
    near.edges().toggleClass("touched", on || node.selected());
    if (!many) cy.elements().difference(near).toggleClass("faded", on);
  });
}
cy.on("mouseover", "node", ({ target }) => point(target, true));
cy.on("mouseout", "node", ({ target }) => point(target, false));
cy.on("select", "node", ({ target }) => target.connectedEdges().addClass("touched"));
cy.on("unselect", "node", ({ target }) => target.connectedEdges().removeClass("touched"));

function legible() {
  const size = lettersAt(cy.zoom());
  if (Math.abs(size - legible.size) < legible.size / 14) return;
  legible.size = size;
  if (many) return cy.$("node.named").style({ "font-size": size });
  const { node, focus, edge } = sizes(size);
  cy.style().selector("node").style(node).selector("node.focus").style(focus).selector("edge").style(edge).update();
}
legible.size = lettersAt(start.zoom);
cy.on("zoom", legible);

// Returns the width of a line of text in letters of size 100.
const pen = document.createElement("canvas").getContext("2d");
const widths = new Map();
function widthOf(line, weight) {
  const key = `${weight} ${line}`;
  if (!widths.has(key)) {
    pen.font = `${weight} 100px ContinuumMap, arial, sans-serif`;
    widths.set(key, pen.measureText(line).width);
  }
  return widths.get(key);
}

// Returns the rectangle of a symbol on the screen.
function boxOf(one) {
  const { x, y } = one.renderedPosition();
  const [half, high] = [one.renderedWidth() / 2, one.renderedHeight() / 2];
  return { left: x - half, right: x + half, top: y - high, low: y + high };
}

// Returns the rectangle of a symbol with its name below it.
function namedBoxOf(one, symbol, letters) {
  const focus = one.hasClass("focus");
  const letter = letters * (focus ? 1.1 : 1);
  const weight = many || focus || one.hasClass("bridge") ? 700 : 400;
  const lines = many ? [one.data("label")] : one.data("lines").split("\n");
  const middle = (symbol.left + symbol.right) / 2;
  const half = Math.max(...lines.map((line) => widthOf(line, weight))) * letter / 200 + 3;
  return {
    left: Math.min(symbol.left, middle - half),
    right: Math.max(symbol.right, middle + half),
    top: symbol.top,
    low: symbol.low + (lines.length * 1.2) * letter,
  };
}

const apart = (one, other) => one.right < other.left || one.left > other.right || one.low < other.top || one.top > other.low;

// A name is hidden if it would cover another name or another symbol, or if it is too small to read.
// The person in the centre, bridges and the most linked nodes keep their names. On a very large
// map, nodes without a name are drawn as dots, which names may cover.
function thin() {
  const drawn = many ? cy.nodes(".named") : cy.nodes();
  const boxes = new Map(drawn.filter((one) => one.visible()).map((one) => [one.id(), boxOf(one)]));
  const first = (one) => (one.hasClass("focus") ? 2e6 : one.hasClass("bridge") ? 1e6 : 0) + one.degree();
  const ordered = cy.nodes(".named").toArray().filter((one) => boxes.has(one.id())).map((one) => [first(one), one]).sort(([a], [b]) => b - a);
  const letter = Math.max(READABLE, legible.size * cy.zoom());
  cy.batch(() => ordered.forEach(([, one]) => {
    const mine = namedBoxOf(one, boxes.get(one.id()), letter);
    const clear = [...boxes].every(([id, other]) => id === one.id() || apart(mine, other));
    one.toggleClass("crowded", !clear);
    if (clear) boxes.set(one.id(), mine);
  }));
}

// When the map is so near that all nodes on the screen can be distinguished, each of them has a
// name and a symbol.
function nameTheNear() {
  thin();
  const seen = cy.zoom() >= NEAR ? cy.extent() : null;
  const within = ({ x, y }) => seen && x > seen.x1 && x < seen.x2 && y > seen.y1 && y < seen.y2;
  const near = seen ? cy.nodes().filter((one) => within(one.position())) : cy.collection();
  const named = near.union(near.connectedEdges());
  cy.batch(() => {
    cy.$(".near").difference(named).removeClass("near");
    named.addClass("near");
  });
}
let naming = 0;
const nameAgain = () => (many ? nameTheNear() : thin());
thin();
cy.on(many ? "viewport" : "zoom", () => {
  clearTimeout(naming);
  naming = setTimeout(nameAgain, many ? 150 : 60);
});

// Returns the person at the centre of the map; on the map of the whole network, the most linked
// person.
function middle() {
  const focus = cy.$("node.focus");
  return focus.length ? focus : cy.collection(cy.nodes(":visible").max((one) => one.degree()).ele);
}

function frame(all) {
  const spots = cy.nodes(":visible").map((one) => ({ ...one.position(), focus: one.hasClass("focus") }));
  if (spots.length) cy.viewport(view(spots, all));
}

// --- loading data --------------------------------------------------------------------------------

function query() {
  const given = new URLSearchParams(new FormData(ask));
  for (const [name, value] of [...given]) if (!value) given.delete(name, value);
  return given.toString();
}

// Restores the form as it was when this data was requested, with the days that the data is about.
function fill({ wanted, stated, shown: shownAs }) {
  const given = new URLSearchParams(wanted);
  ask.querySelectorAll("input[name=also]").forEach((field) => field.remove());
  for (const id of given.getAll("also")) opening(id);
  for (const field of ask.elements) {
    if (!field.name || field.name === "also") continue;
    const values = given.getAll(field.name);
    if (field.type === "checkbox") field.checked = values.includes(field.value);
    else if (field.tagName === "SELECT") field.value = values[0] ?? field.options[0].value;
    else field.value = values[0] ?? "";
  }
  state(stated, shownAs);
}

function opening(id) {
  ask.append(Object.assign(document.createElement("input"), { type: "hidden", name: "also", value: id }));
}

const keyOf = (one) => [one.source, one.target, one.kind].join();

// Returns the links that are new since a day; and the links that ended since that day, which are
// drawn as shadows until other data is requested.
function changes(before, found) {
  const [was, now] = [before, found].map((one) => new Map(one.links.map((tie) => [keyOf(tie), tie])));
  const came = [...now].filter(([key]) => !was.has(key)).map(([, tie]) => tie);
  const here = new Set(found.nodes.map((one) => one.id));
  const went = [...was].filter(([key]) => !now.has(key)).map(([, tie]) => tie);
  return { came, went, shadows: went.filter((tie) => here.has(tie.source) && here.has(tie.target)) };
}

// Draws the received map. A message says which links appeared and disappeared since `before`.
function draw(found, before) {
  const [chosen] = cy.$(":selected");
  const stood = chosen?.isNode() ? { ...chosen.renderedPosition() } : null;
  const { came, went, shadows } = changes(before ?? shown, found);
  cy.batch(() => {
    cy.elements().remove();
    cy.add(elements(found, byHand.moved));
    for (const tie of came) cy.getElementById(tie.ids[0]).addClass("came");
    cy.add(shadows.map((tie) => ({ group: "edges", data: { ...tie, id: `went ${tie.ids[0]}`, on_paper: false }, classes: ["went"], selectable: false })));
  });
  shown = found;
  byHand.fold();
  ring();
  const again = chosen ? cy.getElementById(chosen.id()) : cy.collection();
  if (again.length) again.select();
  else look();
  if (stood && again.length) { // the item that the user is looking at stays at its place on the screen
    const stands = again.renderedPosition();
    cy.panBy({ x: stood.x - stands.x, y: stood.y - stands.y });
  }
  const told = [[came.length, "came"], [went.length, "went"]].filter(([ties]) => ties);
  const since = before ? ` since ${before.stated.as_known}` : "";
  document.getElementById("told").textContent = told.map(([ties, word]) => `${ties} ${ties === 1 ? "link" : "links"} ${word}`).join(", ") + (told.length ? since : before ? `No link changed${since}` : "");
  beside.fill(found);
  thin();
  whatIsHidden();
  place.dataset.shown = String(found.nodes.length);
}

// An empty map says which links it leaves out; one press of a button shows them.
function whatIsHidden() {
  const empty = document.getElementById("empty");
  const kept = shown.ungraded_not_shown;
  empty.hidden = Boolean(shown.links.length);
  if (empty.hidden) return;
  empty.textContent = kept ? `${kept} ungraded ${kept === 1 ? "link is" : "links are"} hidden. ` : "No links match the filters.";
  if (!kept) return;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "c-act", textContent: kept === 1 ? "Show it" : "Show them" });
  button.addEventListener("click", () => {
    ask.elements.min_grade.value = "any";
    show();
  });
  empty.append(button);
}

let asked = 0;
// The state of the shown map: its query, its days, and its mode.
let stands = { wanted: query(), stated: FIRST.stated, shown: FIRST.stated.as_known ? "then" : "now" };

// Returns the answer with the map's data. Throws a message that says what is wrong, with the field
// that the message is about.
async function data(wanted) {
  const answer = await fetch(`/map/${place.dataset.who}/data?${wanted}`, { headers: { accept: "application/json" } }).catch(() => null);
  if (!answer) throw Object.assign(new Error("No signal: the map is not up to date."), { fields: {} });
  if (answer.status === 401) location.reload();
  const found = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(found.detail), { fields: found.errors ?? {} });
  return found;
}

function without(wanted, name) {
  const given = new URLSearchParams(wanted);
  given.delete(name);
  return given.toString();
}

async function show({ again = false } = {}) {
  const mine = ++asked;
  const full = query();
  const compared = mode() === "difference";
  const wanted = compared ? without(full, "as_known") : full;
  place.setAttribute("aria-busy", "true");
  try {
    const [found, before, table] = await Promise.all([
      data(wanted),
      compared ? data(full) : null,
      fetch(`/map/${place.dataset.who}/table?${wanted}`).then((answer) => answer.text()),
    ]);
    if (mine !== asked) return;
    fault();
    const stated = before?.stated ?? found.stated;
    state(stated, mode());
    draw(found, before);
    const [earlier, later] = [stands, { wanted: query(), stated, shown: mode() }];
    if (!again && later.wanted + later.shown !== earlier.wanted + earlier.shown) {
      const ask = (one) => () => { fill(one); show({ again: true }); };
      byHand.keep(ask(earlier), ask(later));
    }
    stands = later;
    document.getElementById("as-of").textContent = `${found.as_of}${before ? `, compared with ${stated.as_known}` : ""}. Links are leads, never findings.`;
    list(table);
    document.getElementById("export").action = `/map/${place.dataset.who}/export?${wanted}`;
    document.getElementById("changed").hidden = true;
    history.replaceState(null, "", `?${wanted}`);
    const back = document.getElementById("why-back");
    if (back) back.value = location.pathname + location.search;
  } catch (error) {
    if (mine !== asked) return;
    fill(stands); // the map stays as it was, and so do its fields
    const [name] = Object.keys(error.fields ?? {});
    fault(name, error.message);
    if (!name) say(error.message);
  } finally {
    if (mine === asked) place.removeAttribute("aria-busy");
  }
}

function list(html) {
  document.getElementById("table").replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
}

// Loads other pages of the table without drawing the map again.
document.getElementById("table").addEventListener("click", async (event) => {
  const link = event.target.closest(".c-pager a");
  if (!link) return;
  event.preventDefault();
  const answer = await fetch(`/map/${place.dataset.who}/table${new URL(link.href).search}`).catch(() => null);
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
times(soon);
// Text fields that belong to the form are outside of it on the page.
document.addEventListener("change", (event) => {
  if (event.target.form === ask) soon();
});
ask.addEventListener("submit", (event) => {
  event.preventDefault();
  soon();
});
document.body.addEventListener("continuum:changed", () => { document.getElementById("changed").hidden = false; });
document.getElementById("again").addEventListener("click", () => show());

// --- the data of a person or a link --------------------------------------------------------------

// Expands the map by the links of the shown person, or takes this back.
async function further(id) {
  const there = [...ask.querySelectorAll("input[name=also]")].find((field) => field.value === id);
  if (there) there.remove();
  else opening(id);
  await show();
  focusOn(there ? "Expand" : "Collapse");
}

function can(node) {
  const id = node.id();
  const far = ask.querySelector(`input[name=also][value="${id}"]`);
  const leaves = byHand.folds.get(id);
  const told = [];
  if (place.dataset.who !== "whole" && !node.hasClass("focus")) told.push([far ? "Collapse" : "Expand", () => further(id)]);
  if (leaves) told.push([`Show the ${leaves.length} with no other links`, () => { byHand.open(id, true); look(); }]);
  if (byHand.opened.has(id)) told.push(["Hide them again", () => { byHand.open(id, false); look(); }]);
  return [...told, ["Hide", () => byHand.hide([id])]];
}

// Shows the card of the chosen item; if no item is chosen, the card of the person at the centre of
// the map.
function look() {
  const chosen = cy.$(":selected");
  const nodes = chosen.nodes();
  beside.follow(nodes.length === 1 ? nodes[0].id() : null);
  if (nodes.length > 1) {
    const ids = nodes.map((one) => one.id());
    const others = () => cy.nodes(":visible").map((one) => one.id()).filter((id) => !ids.includes(id));
    return showMany(nodes, [["Hide them", () => byHand.hide(ids)], ["Hide all others", () => byHand.hide(others())]]);
  }
  const notes = (one) => noteOn(idsOf(one), () => { ring(); look(); });
  if (nodes.length) return showNode(nodes[0], query, can(nodes[0]), notes(nodes[0]));
  if (chosen.length) return showTie(chosen[0], (id) => cy.getElementById(id).data("label"), notes(chosen[0]));
  const focus = cy.$("node.focus");
  if (focus.length === 1) showNode(focus[0], query, can(focus[0]), notes(focus[0]));
  else panel.replaceChildren();
}

// Chooses on the map the item that was chosen in the list. The map moves only if the item would
// otherwise be out of sight.
function choose(id) {
  const one = cy.getElementById(id);
  if (!one.length) return say("Not on the map with these filters.");
  if (!one.selected() || cy.$(":selected").length > 1) {
    cy.$(":selected").unselect();
    one.select();
  }
  const { x, y } = one.renderedPosition();
  if (x < 0 || y < TOOLS || x > place.clientWidth || y > place.clientHeight) cy.animate({ center: { eles: one } }, { duration: still ? 0 : 150 });
}
const beside = besideMap(choose, () => panel.querySelector("a")?.focus());
beside.fill(FIRST);
state(stands.stated, stands.shown); // the fields get the state of the map, and not the values that the browser restored in them
cy.on("select unselect", look);
look();
// A row of the answer beside the map links to this place of the page; the user may have clicked it
// before this script ran.
function linked() {
  const id = location.hash.slice(1);
  if (/^[0-9a-f-]{36}$/.test(id)) choose(id);
}
addEventListener("hashchange", linked);
linked();

// A small screen shows either the map or the list; this button changes between them.
const net = document.getElementById("net");
let framed = place.clientWidth > 0;
for (const button of net.querySelectorAll("[data-shows]")) {
  button.addEventListener("click", () => {
    net.dataset.pane = button.dataset.shows;
    for (const other of net.querySelectorAll("[data-shows]")) other.setAttribute("aria-pressed", String(other === button));
    cy.resize();
    if (!framed && place.clientWidth) frame(false); // the map was not visible before
    framed ||= place.clientWidth > 0;
  });
}

// In presentation mode the page shows only the map, without the danger strip and without the menu.
document.getElementById("present").addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : net.requestFullscreen()));

document.getElementById("legend-open").addEventListener("click", ({ target }) => {
  const open = target.parentElement.toggleAttribute("data-open");
  target.setAttribute("aria-expanded", String(open));
});

// --- with the keyboard: from node to node along the links, in the direction of the arrow key -----

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
  const best = from.neighborhood("node:visible").max(ahead);
  if (best.ele && best.value > 0.2) {
    cy.$(":selected").unselect();
    best.ele.select();
    cy.animate({ center: { eles: best.ele } }, { duration: still ? 0 : 150 });
  }
}

const nearer = (by) => cy.zoom({ level: cy.zoom() * by, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
document.getElementById("nearer").addEventListener("click", () => nearer(1.25));
document.getElementById("further").addEventListener("click", () => nearer(0.8));
document.getElementById("all").addEventListener("click", () => frame(true));

place.addEventListener("keydown", (event) => {
  const { key } = event;
  if (event.ctrlKey || event.metaKey) {
    if (key === "z") byHand.undo();
    else if (key === "y") byHand.redo();
    else return;
  } else if (WAYS[key]) along(key);
  else if (key === "Enter") panel.querySelector("a")?.focus();
  else if (key === "+" || key === "=") nearer(1.25);
  else if (key === "-") nearer(0.8);
  else if (key === "0") frame(true);
  else if (key === "n") document.getElementById("note")?.click();
  else if (key === "h") byHand.hide(cy.$("node:selected").map((one) => one.id()));
  else if (key === "Escape") cy.$(":selected").unselect();
  else return;
  event.preventDefault();
});

whatIsHidden();
onPaper(cy, LINES, PICTURES);
place.dataset.shown = String(FIRST.nodes.length);
// The benchmark measures until this moment, from which on the map reacts.
cy.one("render", () => performance.mark("map"));
