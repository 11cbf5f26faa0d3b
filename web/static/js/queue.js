// One item at a time by single keys. They can be switched off, and never act while somebody types.
import "/static/js/live.js";

const queue = document.getElementById("queue");
const dialog = document.getElementById("decide");
const told = document.getElementById("told");
const on = document.getElementById("keys-on");
const DECISIONS = { s: "safeguard", r: "refer", m: "more-needed", n: "no-value" };
let current = null;

on.checked = localStorage.getItem("keys") !== "off";
on.addEventListener("change", () => localStorage.setItem("keys", on.checked ? "on" : "off"));

const items = () => [...queue.querySelectorAll(".c-item")];

function select(item) {
  current = item?.dataset.id ?? null;
  for (const one of items()) one.classList.toggle("c-item--here", one === item);
  item?.focus();
  item?.scrollIntoView({ block: "nearest" });
}

const here = () => items().find((one) => one.dataset.id === current) ?? items()[0];

function step(by) {
  const all = items();
  const at = all.findIndex((one) => one.dataset.id === current);
  select(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
}

function decide(id, outcome) {
  const item = items().find((one) => one.dataset.id === id);
  dialog.querySelector("form").action = `/queue/${id}/decide`;
  document.getElementById("decide-words").replaceChildren(item.querySelector("bdi").cloneNode(true));
  for (const radio of dialog.querySelectorAll("[name=outcome]")) radio.checked = radio.value === outcome;
  dialog.showModal();
  if (outcome) document.getElementById("reason").focus();
}

document.getElementById("decide-close").addEventListener("click", () => dialog.close());
queue.addEventListener("click", (event) => {
  const id = event.target.closest("[data-decide]")?.dataset.decide;
  if (id) decide(id);
});
queue.addEventListener("focusin", (event) => {
  const item = event.target.closest(".c-item");
  if (item) current = item.dataset.id;
});

document.addEventListener("keydown", (event) => {
  if (!queue.dataset.ready || !on.checked || dialog.open || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select")) return;
  const { key } = event;
  if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
  else if (key === "t" || key === "a") here()?.querySelector(`[data-act=${key}]`)?.click();
  else if (key === "Enter" && event.target.matches(".c-item")) event.target.querySelector("a")?.click();
  else if (DECISIONS[key] && here()) {
    select(here());
    decide(current, DECISIONS[key]);
  } else return;
  event.preventDefault();
});

// The list was asked again because somebody did something: stay where we were, and say so.
queue.addEventListener("htmx:afterSwap", () => {
  const item = items().find((one) => one.dataset.id === current);
  if (item && !dialog.open) select(item);
  told.textContent = `The queue has changed: ${items().length} shown.`;
});

// The person who took an item comes back to it. Until a page has loaded, the browser itself may still go to
// the item in its address, and would take the focus out of an open dialog: keys wait for that.
if (document.readyState !== "complete") await new Promise((done) => window.addEventListener("load", done));
await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
select(items().find((one) => location.hash === `#${one.id}`));
queue.dataset.ready = "yes";
