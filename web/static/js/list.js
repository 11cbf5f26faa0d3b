// Every list can be used with keys: j and k move from row to row, Enter opens the current row, x or
// the space bar chooses it, Escape returns from the opened row to the list. Keys have no effect
// while the user types, and can be switched off. On a wide screen the page of a person, an item or
// a case opens beside its list.
const KEYS = "keys";
export const keysOn = () => localStorage.getItem(KEYS) !== "off";
export const typing = ({ target }) => Boolean(target.closest("textarea, select, input:not([type=radio], [type=checkbox])"));
// Returns whether a key belongs to the browser, to a field or to a dialog.
export const taken = (event) => event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event) || Boolean(document.querySelector("dialog[open]"));

for (const box of document.querySelectorAll("[data-keys]")) {
  box.checked = keysOn();
  box.addEventListener("change", () => localStorage.setItem(KEYS, box.checked ? "on" : "off"));
}

// On a phone, a page of many tables begins with their titles, because one table can be ten screens
// long.
if (matchMedia("(max-width: 40em)").matches) for (const one of document.querySelectorAll(".c-folded[open]")) one.removeAttribute("open");

const lists = [];

// The list in `box` with the rows that match `selector`. `chosen` is called with the row that becomes
// the current one, `open` with the row that is opened; `pane` is the element in which a row is opened.
export function list(box, selector, { chosen = () => {}, open = (row) => row.querySelector("[data-opens], a")?.click(), pane = null } = {}) {
  let current = null;
  const rows = () => [...box.querySelectorAll(selector)];

  function select(row, focused = true) {
    const all = rows();
    for (const other of all) {
      other.tabIndex = other === (row ?? all[0]) ? 0 : -1;
      other.classList.toggle("c-row--current", other === row);
    }
    const changed = row !== current;
    current = row ?? null;
    if (focused) row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
    if (changed && row) chosen(row);
  }

  function step(by) {
    const all = rows();
    const at = all.indexOf(current);
    select(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
  }

  // After rows were replaced, this makes one of them reachable with Tab.
  function renew(row = null) {
    current = row;
    const first = row ?? rows()[0];
    for (const other of rows()) other.tabIndex = other === first ? 0 : -1;
    row?.classList.add("c-row--current");
  }

  box.addEventListener("focusin", ({ target }) => {
    const row = target.closest(selector);
    if (row && row !== current) select(row, false);
  });
  box.addEventListener("click", ({ target }) => {
    const row = target.closest(selector);
    if (row && !target.closest("a, input, button, label") && !String(getSelection())) select(row);
  });
  const made = { box, pane, rows, select, step, renew, open, current: () => current };
  lists.push(made);
  renew();
  return made;
}

const boxIn = (row) => row?.querySelector("input[name=rows]");

function choose(one) {
  one.checked = !one.checked;
  one.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("keydown", (event) => {
  if (taken(event)) return;
  const { key, target } = event;
  const here = lists.find(({ box }) => box.contains(target));
  if (key === "Enter" && here?.current() === target) here.open(target);
  else if (key === " " && here?.current() === target && boxIn(target)) choose(boxIn(target));
  else if (key === "x" && keysOn() && boxIn(here?.current())) choose(boxIn(here.current()));
  else if (key === "Escape") {
    const behind = lists.find(({ pane }) => pane?.contains(target));
    if (!behind) return;
    behind.pane.dispatchEvent(new Event("list:back"));
    behind.select(behind.current());
  } else if ((key === "j" || key === "k") && keysOn()) {
    const walked = here ?? lists.find(({ box }) => box.checkVisibility());
    if (!walked) return;
    walked.step(key === "j" ? 1 : -1);
  } else return;
  event.preventDefault();
});

// --- rows of a table to which an action is applied -----------------------------------------------

for (const form of document.querySelectorAll("form[data-rows]")) {
  const all = form.querySelector("[data-all]");
  const boxes = [...form.querySelectorAll("input[name=rows]")];
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
    // rows that a phone does not show yet are not chosen
    for (const one of boxes) one.checked = all.checked && one.checkVisibility();
    tell();
  });
  form.addEventListener("change", ({ target }) => { if (target.name === "rows") tell(); });
  // If no row is chosen, the action applies to the current row.
  form.addEventListener("submit", () => {
    const here = boxIn(lists.find(({ box }) => box === form)?.current());
    if (here && !boxes.some((one) => one.checked)) here.checked = true;
  });
  tell();
}

// --- the page of a row beside the list -----------------------------------------------------------

const WIDE = matchMedia("(min-width: 60em)");
const OBJECT = /^\/(people|items|cases)\/[0-9a-f-]{36}$/;
const panes = document.querySelector(".c-panes");
const beside = document.getElementById("beside");
const plain = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
export const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

async function openBeside(address) {
  const answer = await fetch(address).catch(() => null);
  const main = answer?.ok && parsed(await answer.text()).querySelector("main");
  if (!main) return location.assign(address);
  beside.replaceChildren(...main.childNodes);
  beside.hidden = false;
  panes.dataset.open = "";
  history[history.state?.beside ? "replaceState" : "pushState"]({ beside: address }, "", address);
  beside.scrollTop = 0;
  beside.focus({ preventScroll: true });
}

function close() {
  beside.hidden = true;
  delete panes.dataset.open;
}

if (panes) {
  panes.firstElementChild.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || !WIDE.matches || !plain(event) || !OBJECT.test(new URL(link.href).pathname)) return;
    event.preventDefault();
    openBeside(link.pathname + link.search);
  });
  beside.addEventListener("list:back", () => (history.state?.beside ? history.back() : close()));
  addEventListener("popstate", ({ state }) => (state?.beside ? location.reload() : close()));
}

for (const box of document.querySelectorAll("[data-list], [data-rows]")) {
  const made = list(box, box.matches("[data-rows]") ? "tbody tr" : box.dataset.list || "li", { pane: beside });
  box.addEventListener("htmx:afterSwap", () => made.renew());
}
