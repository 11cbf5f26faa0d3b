// A list by keys: j and k go from row to row, Enter opens the row, Escape comes back to it from what
// was opened beside it. Keys never act while somebody types, and can be switched off.
const KEYS = "keys";
export const keysOn = () => localStorage.getItem(KEYS) !== "off";
export const typing = ({ target }) => Boolean(target.closest("textarea, select, input:not([type=radio], [type=checkbox])"));
// Keys that belong to the browser, to a field or to a dialog.
export const taken = (event) => event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event) || Boolean(document.querySelector("dialog[open]"));

for (const box of document.querySelectorAll("[data-keys]")) {
  box.checked = keysOn();
  box.addEventListener("change", () => localStorage.setItem(KEYS, box.checked ? "on" : "off"));
}

const lists = [];

// The list in `box` with the rows that match `selector`. `chosen` is called with the row that becomes
// the current one, `open` with the row that is opened; `pane` is the element that it is opened in.
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

  // Once rows are new: one of them can be reached with Tab.
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

document.addEventListener("keydown", (event) => {
  if (taken(event)) return;
  const { key, target } = event;
  const here = lists.find(({ box }) => box.contains(target));
  if (key === "Enter" && here?.current() === target) here.open(target);
  else if (key === "Escape") {
    const behind = lists.find(({ pane }) => pane?.contains(target));
    if (!behind?.current()) return;
    behind.select(behind.current());
  } else if ((key === "j" || key === "k") && keysOn()) {
    const walked = here ?? lists.find(({ box }) => box.checkVisibility());
    if (!walked) return;
    walked.step(key === "j" ? 1 : -1);
  } else return;
  event.preventDefault();
});
