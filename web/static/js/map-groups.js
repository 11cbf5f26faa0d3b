// Shapes behind the map. Groups are drawn as tinted areas, largest first, each with its letter and
// the number of its members. Beside an item to which many items are linked that have no other link,
// the number of those that are folded away is shown.
import { INK, PAPER, TINTS } from "/static/js/map-look.js";

// Returns the corners of the convex hull of these points, in their order (Andrew's monotone chain).
function hull(points) {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  const turns = (a, b, c) => (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
  const half = (all) => all.reduce((kept, point) => {
    while (kept.length > 1 && turns(kept.at(-2), kept.at(-1), point) <= 0) kept.pop();
    kept.push(point);
    return kept;
  }, []).slice(0, -1);
  return [...half(sorted), ...half(sorted.reverse())];
}

export function underlay(cy, place, together, folds) {
  const under = document.createElement("canvas");
  under.className = "c-map__under";
  under.setAttribute("aria-hidden", "true");
  place.prepend(under);
  const pen = under.getContext("2d");

  function shape(corners, colour) {
    pen.fillStyle = pen.strokeStyle = colour;
    pen.beginPath();
    corners.forEach(({ x, y }, which) => (which ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.closePath();
    pen.fill();
    pen.stroke();
  }

  function badge({ x, y }, text) {
    const half = pen.measureText(text).width / 2 + 6;
    pen.fillStyle = INK;
    pen.beginPath();
    pen.roundRect(x - half, y - 9, 2 * half, 18, 9);
    pen.fill();
    pen.fillStyle = PAPER;
    pen.fillText(text, x, y + 5);
  }

  function draw() {
    const [wide, high] = [place.clientWidth, place.clientHeight];
    const near = window.devicePixelRatio || 1;
    if (under.width !== wide * near || under.height !== high * near) [under.width, under.height] = [wide * near, high * near];
    pen.setTransform(near, 0, 0, near, 0, 0);
    pen.clearRect(0, 0, wide, high);
    pen.lineJoin = pen.lineCap = "round";
    pen.lineWidth = Math.max(24, 76 * cy.zoom());
    const groups = together().map((ids) => ids.map((id) => cy.getElementById(id)).filter((one) => one.visible()).map((one) => one.renderedPosition()));
    groups.forEach((points, at) => points.length > 2 && shape(hull(points), TINTS[at % TINTS.length]));
    pen.font = "bold 14px ContinuumMap, arial, sans-serif";
    pen.textAlign = "center";
    pen.fillStyle = INK;
    groups.forEach((points, at) => {
      if (points.length < 3) return;
      const middle = points.reduce((sum, one) => sum + one.x, 0) / points.length;
      const top = Math.min(...points.map((one) => one.y)) - pen.lineWidth / 2 - 4;
      pen.fillText(`Group ${String.fromCharCode(65 + (at % 26))} (${together()[at].length})`, middle, Math.max(16, top));
    });
    for (const [id, leaves] of folds()) {
      const hub = cy.getElementById(id);
      if (!hub.visible()) continue;
      const { x, y } = hub.renderedPosition();
      const aside = hub.renderedWidth() / 2 + 10;
      badge({ x: x + aside, y: y - aside + 6 }, `+${leaves.length}`);
    }
  }
  cy.on("render", draw);
}
