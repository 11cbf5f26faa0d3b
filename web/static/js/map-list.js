// The list of the people and things on the map, beside the map. An item that is chosen in the list
// is also chosen on the map, and an item chosen on the map also in the list.
import { list } from "/static/js/list.js";
import { PICTURES } from "/static/js/map-look.js";

const MOST = 300; // the largest number of rows; a longer list has to be limited by a search word
const box = document.getElementById("rows");
const sort = document.getElementById("sort");
const narrow = document.getElementById("narrow");
const listed = document.getElementById("list-count");
const answer = document.getElementById("answer");
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "Europe/London" });
const sum = (sizes) => sizes.slice(1).reduce((all, size) => all + size, 0);

function part(name, className, text = "") {
  return Object.assign(document.createElement(name), { className, textContent: text });
}

// Returns each node with the number of its links on the map, and the time when the newest of these
// became known.
function measured({ nodes, links }) {
  const all = new Map(nodes.map((one) => [one.id, { ...one, links: 0, newest: "" }]));
  for (const { source, target, known_from: known } of links) {
    for (const id of new Set([source, target])) {
      const one = all.get(id);
      if (!one) continue;
      one.links += 1;
      if ((known ?? "") > one.newest) one.newest = known;
    }
  }
  return [...all.values()];
}

const ORDERS = {
  bridge: (a, b) => sum(b.joins) - sum(a.joins) || b.links - a.links,
  links: (a, b) => b.links - a.links,
  new: (a, b) => (a.newest < b.newest ? 1 : a.newest > b.newest ? -1 : 0),
};

function row(one) {
  const made = part("li", "c-line-item c-node");
  made.tabIndex = -1;
  made.dataset.node = one.id;
  const side = [`${one.links} ${one.links === 1 ? "link" : "links"}`];
  if (sort.value === "new" && one.newest) side.push(day.format(new Date(one.newest)));
  made.append(Object.assign(new Image(22, 22), { src: PICTURES[one.symbol], alt: "" }), part("span", "c-node__name", one.label));
  if (one.joins.length) made.append(part("strong", "c-node__bridge", "Bridge"));
  made.append(part("span", "c-node__side", side.join(" · ")));
  return made;
}

// `choose` is called with the id of the row that a user moves to; `open` with the id of a row that is
// opened.
export function besideMap(choose, open) {
  let all = [];
  let selected = null;
  const own = { chosen: ({ dataset }) => { selected = dataset.node; choose(dataset.node); }, open: ({ dataset }) => open(dataset.node), pane: document.getElementById("panel") };
  const made = list(box, "li", own);
  if (answer) list(answer, "li", own);
  const find = (id) => made.rows().find(({ dataset }) => dataset.node === id);

  function show() {
    const words = narrow.value.trim().toLocaleLowerCase("en-GB");
    const found = all.filter(({ label, names }) => [label, ...names].some((name) => name.toLocaleLowerCase("en-GB").includes(words)));
    found.sort((a, b) => ORDERS[sort.value](a, b) || a.label.localeCompare(b.label, "en-GB"));
    box.replaceChildren(...found.slice(0, MOST).map(row));
    const more = found.length - MOST;
    listed.textContent = `${found.length} on the map${more > 0 ? `; the first ${MOST} are listed` : ""}`;
    made.renew(selected && find(selected));
  }
  sort.addEventListener("change", show);
  narrow.addEventListener("input", show);
  return {
    fill(found) {
      all = measured(found);
      show();
    },
    // Called when an item was chosen on the map (null if no item is chosen any more).
    follow(id) {
      if (id === selected) return;
      selected = id;
      made.select(id ? find(id) ?? null : null, false);
    },
  };
}
