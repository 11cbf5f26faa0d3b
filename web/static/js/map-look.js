// The look of the map: colours, symbols, lines and letters.
import { LINES, SYMBOLS } from "./map-symbols.js";

export { LINES };
const read = (id) => JSON.parse(document.getElementById(id).textContent);

export const SVG = "http://www.w3.org/2000/svg";
const picture = (shapes) => `<svg xmlns="${SVG}" viewBox="-30 -30 60 60" width="60" height="60">${shapes}</svg>`;
export const PICTURES = Object.fromEntries(Object.entries(SYMBOLS).map(([name, shapes]) => [name, `data:image/svg+xml,${encodeURIComponent(picture(shapes))}`]));
// The page already contains the first picture. On a very large map the lines are plain and
// disappear while the map moves, and only the most linked nodes have names when the map is zoomed
// out.
export const FIRST = read("drawn");
const MANY = 300;
const FEW = 80;
export const many = FIRST.nodes.length > MANY;
export const crowded = FIRST.nodes.length > FEW;
// On a map with at least this many links, only the links of a chosen node, or of the node under the
// pointer, have words.
const dense = FIRST.links.length > 120;

const dark = matchMedia("(prefers-color-scheme: dark)").matches;
const forced = matchMedia("(forced-colors: active)").matches;

// Returns the colour that the machine uses for a part of the screen if the user has forced colours.
function system(part) {
  const probe = document.createElement("span");
  probe.style.color = part;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
const colour = (light, night, part) => (forced ? system(part) : dark ? night : light);
export const INK = colour("#0b0c0c", "#eef1f4", "CanvasText");
export const PAPER = colour("#ffffff", "#12181f", "Canvas");
const DOT = colour("#505a5f", "#b5bfc9", "GrayText");
const RED = colour("#b3401a", "#ff9d97", "CanvasText");
const RING = colour("#7a2e8e", "#e0a3f0", "Highlight");
const CAME = colour("#0f7a52", "#6ee7b7", "Highlight");
export const TINTS = forced ? [PAPER] : dark ? ["#17324a", "#3a2c12", "#16372c", "#3b1f33", "#2c2a4a", "#3a2a20"] : ["#dcebf8", "#faeccd", "#dcf0e6", "#f6e0ee", "#e6e4f7", "#f2e4d9"];

// Letters stay readable at any zoom: they grow as the map shrinks, and names that would cover other
// names are left out. On a very large map only the most linked nodes keep their names; the names of
// other nodes appear when the user zooms in.
export const READABLE = 12;
const LEAST = 11; // the least size of letters, in pixels; smaller letters are not drawn
export const lettersAt = (zoom) => Math.max(READABLE / zoom, 14);
// The letter sizes for which the server left room between nodes.
const ROOM = crowded ? 16 : 20;

let lineLetters = ROOM; // the size of letters by which symbols and lines are drawn now

// The more links with different sources a symbol has, the larger it is.
export function sizes(size) {
  const letters = many ? 14 : Math.min(size, ROOM);
  lineLetters = letters;
  const across = (one) => letters * 2.7 * one.data("grown");
  const focused = (one) => Math.max(letters * 3.6, across(one));
  return {
    node: { "font-size": many ? letters : size, "width": across, "height": across },
    focus: { "font-size": (many ? letters : size) * 1.1, "width": focused, "height": focused },
    edge: { "font-size": letters * 0.85 },
  };
}

const words = (edge) => [edge.data("undermined") ? "×" : "", edge.data("kind").replaceAll("-", " "), edge.data("grade")].filter(Boolean).join(" ");
const grade = (edge) => [edge.data("undermined") ? "×" : "", edge.data("grade")].filter(Boolean).join(" ");

// Returns the length of a line that its words may cover. Half a symbol covers each end; on a steep
// line, the name below the upper symbol also covers a part, so the same part is free at the other end.
function room(edge) {
  const ends = [edge.source(), edge.target()].sort((one, other) => one.position("y") - other.position("y"));
  const [upper, lower] = ends.map((node) => node.position());
  const length = Math.hypot(lower.x - upper.x, lower.y - upper.y);
  const [above, below] = ends.map((node) => lineLetters * 1.35 * node.data("grown"));
  const steep = (lower.y - upper.y) / (length || 1);
  const name = lineLetters * 1.3 * ends[0].data("lines").split("\n").length * steep;
  return length - above - below - 2 * name;
}

// Returns the words that fit on a line: its kind and grade, or only its grade, or none.
function fitting(edge) {
  const most = room(edge) / (lineLetters * 0.85 * 0.45);
  return [words(edge), grade(edge)].find((label) => label.length <= most) ?? "";
}

// On a very large map only some nodes have a symbol, and only some nodes and lines have words. The
// others get no style for these, because styles take most of the time of the first drawing.
const pictured = many ? "node.named, node.near" : "node";
const worded = many ? `${pictured}, node:selected` : "node";
const wordedLines = dense ? "edge.near, edge.touched, edge:selected" : "edge";
const lettered = { "font-family": "ContinuumMap, arial, sans-serif", "color": INK, "text-background-color": PAPER, "text-background-opacity": 0.85 };

export function styles(zoom) {
  const { node, focus, edge } = sizes(lettersAt(zoom));
  return [
    { selector: "node", style: { "background-color": DOT, ...node } },
    { selector: pictured, style: { "background-opacity": 0, "background-fit": "contain", "background-image": "data(picture)" } },
    { selector: worded, style: { "label": "data(lines)", "text-valign": "bottom", "text-margin-y": 4, "text-wrap": "wrap", "text-max-width": 2000, "text-background-padding": 2, "min-zoomed-font-size": LEAST, ...lettered } },
    { selector: "node.focus", style: { "font-weight": "bold", ...focus } },
    ...(many ? [{ selector: "node.named", style: { "z-index": 2, "font-weight": "bold", "font-size": lettersAt(zoom) } }] : []),
    { selector: "node.crowded", style: { "label": "" } },
    { selector: "node.bridge", style: { "border-width": 4, "border-color": RING, "border-opacity": 1, "shape": "ellipse", "font-weight": "bold", "z-index": 2 } },
    { selector: "edge", style: { "curve-style": "bezier", "arrow-scale": 0.9, ...edge } },
    { selector: wordedLines, style: { "label": fitting, "text-rotation": "autorotate", "text-background-padding": 1, "min-zoomed-font-size": LEAST, ...lettered } },
    ...Object.entries(LINES).map(([look, { width, dashes, faint }]) => ({ selector: `edge[look = "${look}"]`, style: { width, "line-color": faint ? DOT : INK, "target-arrow-color": faint ? DOT : INK, "line-cap": faint ? "round" : "butt", ...(dashes.length ? { "line-style": "dashed", "line-dash-pattern": dashes } : {}) } })),
    { selector: "edge.undermined", style: { "color": RED, "font-weight": "bold" } },
    ...(dense ? [{ selector: "edge", style: { "line-opacity": 0.45 } }, { selector: "edge.touched", style: { "line-opacity": 1, "z-index": 3 } }] : []),
    { selector: "edge.directed", style: { "target-arrow-shape": "triangle" } },
    { selector: "edge.plain", style: { "curve-style": "haystack", "label": "", "width": 1.5 } },
    { selector: "edge.plain.near", style: { "curve-style": "straight", "label": grade } },
    { selector: "edge.came", style: { "underlay-color": CAME, "underlay-opacity": 0.5, "underlay-padding": 5 } },
    { selector: "edge.went", style: { "line-opacity": 0.35, "line-style": "dotted", "line-color": RED, "target-arrow-shape": "none", "label": "", "events": "no" } },
    { selector: ".noted", style: { "underlay-color": "#fd0", "underlay-opacity": 0.55, "underlay-padding": 7 } },
    { selector: ".faded", style: { "opacity": 0.2 } },
    { selector: ".hidden, .folded", style: { "display": "none" } },
    { selector: ":selected", style: { "overlay-color": "#fd0", "overlay-opacity": 0.45, "overlay-padding": 8, "label": (one) => one.data("lines") ?? words(one) } },
  ];
}

export function elements(found, moved) {
  const much = found.nodes.length > MANY;
  const focus = new Set(found.focus);
  const nodes = found.nodes.map((one) => ({
    group: "nodes",
    data: { ...one, picture: PICTURES[one.symbol] },
    position: moved.get(one.id) ?? { x: one.x, y: one.y },
    classes: [focus.has(one.id) ? "focus" : "", one.named ? "named" : "unnamed", one.joins.length ? "bridge" : ""],
  }));
  const ties = found.links.map((one) => ({
    group: "edges",
    data: { ...one, id: one.ids[0], grade: one.grade ?? "" },
    classes: [one.undermined ? "undermined" : "", one.directed ? "directed" : "", much ? "plain" : ""],
  }));
  return [...nodes, ...ties];
}
