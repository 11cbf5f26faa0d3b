// Prints the map as a picture of what the screen shows: dark on white, sharp at any size, with the
// same lines. Because paper is passed around, children have no name on it, and homes are left out.
import { SVG } from "/static/js/map-look.js";

const INK = "#1b2733";
const GREY = "#5c6773";
const RED = "#b3401a";
// Sizes in pixels of the map. Letters are about three millimetres high on paper, unless so many
// names are close together that larger letters would cover each other.
const WIDE = 257;
const HIGH = 112;
const [LEAST, MOST] = [15, 22];
let letter = LEAST;
let rim = 24;

function shape(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

// Returns letters with a white rim, which can be read on top of lines.
function letters(x, y, text, more = {}) {
  return shape("text", { x, y, "text-anchor": "middle", "font-size": letter, fill: INK, stroke: "#fff", "stroke-width": 4, "paint-order": "stroke", "stroke-linejoin": "round", ...more }, text);
}

function tie(edge, line, aside) {
  const from = edge.source().position();
  const to = edge.target().position();
  const far = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [along, across] = [{ x: (to.x - from.x) / far, y: (to.y - from.y) / far }, { x: -(to.y - from.y) / far, y: (to.x - from.x) / far }];
  const apart = Math.min(rim, far / 3);
  const a = { x: from.x + along.x * apart, y: from.y + along.y * apart };
  const b = { x: to.x - along.x * apart, y: to.y - along.y * apart };
  const bow = { x: (a.x + b.x) / 2 + across.x * aside * 2, y: (a.y + b.y) / 2 + across.y * aside * 2 };
  const at = (share) => [0, 1].map((axis) => {
    const [one, two, three] = [a, bow, b].map((point) => (axis ? point.y : point.x));
    return (1 - share) ** 2 * one + 2 * share * (1 - share) * two + share ** 2 * three;
  });
  const path = shape("path", { d: `M${a.x} ${a.y}Q${bow.x} ${bow.y} ${b.x} ${b.y}`, fill: "none", stroke: line.faint ? GREY : INK, "stroke-width": line.width });
  if (line.dashes.length) path.setAttribute("stroke-dasharray", line.dashes.join(" "));
  if (line.faint) path.setAttribute("stroke-linecap", "round");
  if (edge.data("directed")) path.setAttribute("marker-end", "url(#paper-arrow)");
  const parts = [path];
  const [x, y] = at(0.5);
  if (edge.data("grade")) parts.push(letters(x, y + 4, edge.data("grade"), { "font-size": letter * 0.85 }));
  const [left, top] = at(0.22);
  if (edge.data("undermined")) parts.push(letters(left, top + 8, "×", { fill: RED, "font-size": letter * 2, "font-weight": "bold" }));
  return parts;
}

function person(node, pictures) {
  const { x, y } = node.position();
  const lines = node.data("on_paper") === node.data("label") ? node.data("lines").split("\n") : [node.data("on_paper")];
  const named = !node.hasClass("unnamed") && !node.hasClass("crowded");
  const bold = node.hasClass("focus") ? { "font-weight": "bold" } : {};
  return [
    shape("image", { href: pictures[node.data("symbol")], x: x - rim, y: y - rim, width: 2 * rim, height: 2 * rim }),
    ...(named ? lines.map((text, number) => letters(x, y + rim + letter * (number + 1), text, bold)) : []),
  ];
}

function drawn(cy, lines, pictures) {
  const nodes = cy.nodes(":visible").filter((one) => one.data("on_paper") !== null);
  const edges = cy.edges(":visible").filter((one) => one.data("on_paper"));
  const xs = nodes.map((one) => one.position().x);
  const ys = nodes.map((one) => one.position().y);
  const [left, top] = [Math.min(...xs) - 90, Math.min(...ys) - 50];
  const [wide, high] = [Math.max(...xs) + 90 - left, Math.max(...ys) + 90 - top];
  letter = Math.min(Math.max(3 * Math.max(wide / WIDE, high / HIGH), LEAST), MOST);
  rim = letter * 1.6;
  const picture = shape("svg", { viewBox: `${left} ${top} ${wide} ${high}`, "font-family": "ContinuumMap, arial, sans-serif" });
  const arrow = shape("marker", { id: "paper-arrow", viewBox: "0 0 10 10", refX: 8, refY: 5, markerWidth: 9, markerHeight: 9, markerUnits: "userSpaceOnUse", orient: "auto" });
  arrow.append(shape("path", { d: "M0 0L10 5 0 10z", fill: INK }));
  const beside = new Map();
  const ties = edges.map((one) => {
    const ends = [one.source().id(), one.target().id()];
    const pair = [...ends].sort().join();
    const number = beside.get(pair) ?? 0;
    beside.set(pair, number + 1);
    const side = number % 2 ? -1 : 1; // several lines between the same ends run beside each other
    return tie(one, lines[one.data("look")], side * Math.ceil(number / 2) * 16 * (ends[0] < ends[1] ? 1 : -1));
  });
  picture.append(arrow, ...ties.flat(), ...nodes.map((one) => person(one, pictures)).flat());
  return picture;
}

export function onPaper(cy, lines, pictures) {
  const place = document.getElementById("paper");
  const { title } = document;
  addEventListener("beforeprint", () => {
    document.title = "Map - Continuum"; // browsers print the page's title, which would name the person at the centre of the map
    const some = cy.nodes(":visible").some((one) => one.data("on_paper") !== null);
    const said = (textContent, className) => Object.assign(document.createElement("p"), { textContent, className });
    const marking = () => said(place.dataset.marking, "c-paper__marking");
    const picture = some ? drawn(cy, lines, pictures) : said("A home or a placement is never printed.");
    place.replaceChildren(marking(), picture, marking(), said(document.getElementById("counts").textContent, "c-paper__said"));
  });
  addEventListener("afterprint", () => {
    place.replaceChildren();
    document.title = title;
  });
}
