// Rows of the lists by keys: j and k go from row to row, Enter opens the row, x or the space bar
// chooses it. Keys never act while somebody types, and can be switched off.
const KEYS = "keys"; // the same wish as on the queue
const rows = [...document.querySelectorAll("[data-rows] tbody tr")];
const wish = document.querySelector("[data-keys]");

if (wish) {
  wish.checked = localStorage.getItem(KEYS) !== "off";
  wish.addEventListener("change", () => localStorage.setItem(KEYS, wish.checked ? "on" : "off"));
}

// One row of all can be reached with Tab: the last one that somebody was on, or the first.
let current = 0;
for (const [at, row] of rows.entries()) {
  row.tabIndex = at === current ? 0 : -1;
  row.addEventListener("focusin", () => stand(at));
  row.addEventListener("click", ({ target }) => {
    if (!target.closest("a, input, button") && !String(getSelection())) row.focus();
  });
}

function stand(at) {
  rows[current].tabIndex = -1;
  rows[at].tabIndex = 0;
  current = at;
}

function go(at) {
  const row = rows[Math.min(Math.max(at, 0), rows.length - 1)];
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}

const box = (row) => row?.querySelector("input[name=of]");
const typing = ({ target }) => Boolean(target.closest("textarea, select, input:not([type=checkbox])"));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event) || document.querySelector("dialog[open]")) return;
  const on = document.activeElement === rows[current];
  const { key } = event;
  if (on && key === "Enter") rows[current].querySelector("[data-opens], a")?.click();
  else if (on && key === " " && box(rows[current])) choose(box(rows[current]));
  else if (!wish?.checked) return;
  else if (key === "j" || key === "k") go(rows.some((row) => row.contains(document.activeElement)) ? current + (key === "j" ? 1 : -1) : current);
  else if (key === "x" && box(rows[current])) choose(box(rows[current]));
  else return;
  event.preventDefault();
});

function choose(one) {
  one.checked = !one.checked;
  one.dispatchEvent(new Event("change", { bubbles: true }));
}

for (const form of document.querySelectorAll("form[data-rows]")) {
  const all = form.querySelector("[data-all]");
  const boxes = [...form.querySelectorAll("input[name=of]")];
  const told = form.querySelector("[role=status]");
  const first = told.textContent;
  const tell = () => {
    const many = boxes.filter((one) => one.checked).length;
    all.checked = many === boxes.length;
    all.indeterminate = many > 0 && many < boxes.length;
    for (const one of boxes) one.closest("tr").classList.toggle("c-rows--chosen", one.checked);
    told.textContent = many ? `${many} chosen:` : first;
  };
  all.addEventListener("change", () => {
    for (const one of boxes) one.checked = all.checked;
    tell();
  });
  form.addEventListener("change", ({ target }) => { if (target.name === "of") tell(); });
  // Where no row is chosen, the one that somebody is on is meant.
  form.addEventListener("submit", () => {
    const here = box(rows[current]);
    if (!boxes.some((one) => one.checked) && here && form.contains(here)) here.checked = true;
  });
  tell();
}
