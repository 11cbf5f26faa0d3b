// "/" goes to the search box of the header. Ctrl-K opens a box that finds any page by its name and
// anybody or anything by what it is called; arrows choose, Enter goes there, Escape closes it.
const menu = document.getElementById("menu");
const box = document.getElementById("find-q") ?? document.getElementById("q");

if (menu) {
  addEventListener("click", ({ target }) => { if (!menu.contains(target)) menu.open = false; });
  menu.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

const writing = ({ target }) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

addEventListener("keydown", (event) => {
  if (event.key === "/" && box && !writing(event) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box.focus();
    box.select();
  } else if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && menu) {
    event.preventDefault();
    open();
  }
});

const PAGES = 6;
const PAUSE = 250; // milliseconds, as on the page of the search itself
let dialog;

function open() {
  dialog ??= drawn();
  if (dialog.open) return;
  dialog.input.value = "";
  show([]);
  dialog.showModal();
  pages();
}

const made = (name, told) => Object.assign(document.createElement(name), told);

function drawn() {
  const one = made("dialog", { className: "c-dialog c-find", ariaLabel: "Go to" });
  const label = made("label", { className: "govuk-label", htmlFor: "go-to", textContent: "Go to a page, person or item" });
  one.input = made("input", { className: "govuk-input", id: "go-to", autocomplete: "off", dir: "auto", role: "combobox" });
  const says = { "aria-expanded": "true", "aria-controls": "go-to-found", "aria-autocomplete": "list" };
  for (const [name, value] of Object.entries(says)) one.input.setAttribute(name, value);
  one.list = made("ul", { className: "c-find__found", id: "go-to-found", role: "listbox", ariaLabel: "Found" });
  one.append(label, one.input, one.list);
  document.body.append(one);
  one.input.addEventListener("input", () => { pages(); later(); });
  one.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); choose(chosen() + step); }
    if (event.key === "Enter") { event.preventDefault(); go(one.list.children[chosen()]); }
  });
  one.list.addEventListener("click", ({ target }) => go(target.closest("li")));
  return one;
}

const go = (one) => one && location.assign(one.dataset.href);

// The pages whose name has every word that was typed.
function pages() {
  const words = dialog.input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const all = [...menu.querySelectorAll(".c-menu__panel a")];
  const found = all.filter((one) => words.every((word) => one.textContent.toLowerCase().includes(word)));
  const then = day(dialog.input.value);
  const opens = then && menu.querySelector('a[href="/then"]');
  show([
    ...(opens ? [{ label: `State of knowledge on ${then}`, side: "page", href: `/then?day=${then}` }] : []),
    ...found.slice(0, PAGES).map((one) => ({ label: one.textContent, side: "page", href: one.href })),
  ]);
}

// A day as people write it, "1 March 2011" or 2011-03-01, as the pages take it.
function day(text) {
  if (/^\d{4}-\d\d-\d\d$/.test(text.trim())) return text.trim();
  const told = /^(\d{1,2}) ([a-z]{3,}) (\d{4})$/i.exec(text.trim());
  const at = told && new Date(`${told[1]} ${told[2]} ${told[3]} UTC`);
  return at && !Number.isNaN(at.getTime()) ? at.toISOString().slice(0, 10) : null;
}

let timer;
let asked = 0;
function later() {
  clearTimeout(timer);
  timer = setTimeout(things, PAUSE);
}

// What the search itself finds; it writes down what it shows. None where somebody may not search.
export async function hits(words) {
  const search = document.getElementById("find") ?? document.querySelector("form[role=search]");
  if (!search || !words.trim()) return [];
  const told = new URLSearchParams(new FormData(search));
  told.set("q", words);
  const answer = await fetch("/asked", { method: "POST", body: told, headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return [];
  const part = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...part.querySelectorAll(".c-row")].map((row) => {
    const link = row.querySelector("a");
    const side = row.querySelector(".c-row__side").textContent.trim();
    return { label: link.textContent.trim(), side, href: link.getAttribute("href"), kind: side.split(" ")[0] };
  });
}

async function things() {
  const mine = ++asked;
  const rows = await hits(dialog.input.value);
  if (mine === asked) show([...already(), ...rows]);
}

const already = () => [...dialog.list.querySelectorAll("[data-page]")].map((one) => ({ label: one.firstChild.textContent, side: "page", href: one.dataset.href }));

function show(rows) {
  dialog.list.replaceChildren(...rows.map(({ label, side, href }, at) => {
    const item = document.createElement("li");
    item.id = `go-to-${at}`;
    item.setAttribute("role", "option");
    if (side === "page") item.dataset.page = "";
    item.dataset.href = href;
    const name = document.createElement("bdi");
    name.textContent = label.trim();
    const beside = document.createElement("span");
    beside.textContent = side.trim();
    item.append(name, beside);
    return item;
  }));
  choose(0);
}

const chosen = () => [...dialog.list.children].findIndex((one) => one.getAttribute("aria-selected") === "true");

function choose(at) {
  const rows = [...dialog.list.children];
  const which = Math.max(0, Math.min(at, rows.length - 1));
  rows.forEach((one, place) => one.setAttribute("aria-selected", String(place === which)));
  if (rows.length) dialog.input.setAttribute("aria-activedescendant", rows[which].id);
  else dialog.input.removeAttribute("aria-activedescendant");
  rows[which]?.scrollIntoView({ block: "nearest" });
}
