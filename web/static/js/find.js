// "/" moves to the search box of the header. Ctrl-K opens a box with which a user can search for
// everything: screens, acts ("report missing Ellie"), days ("1 March 2011"), and items of the
// record. The arrow keys choose an entry, Enter opens it, Escape closes the box.
const box = document.getElementById("find-q") ?? document.getElementById("q");
const writing = ({ target }) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

addEventListener("keydown", (event) => {
  if (event.key === "/" && box && !writing(event) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box.focus();
    box.select();
  } else if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    open();
  }
});

const MOST_PAGES = 6;
const MOST_ACTS = 4;
const MOST_PICKED = 3; // the largest number of items that are offered for each act
const PAUSE = 250; // milliseconds between the last typed letter and the search, as on the search page
let dialog;
let palette = { pages: [], acts: [] };
let loading;

// The screens and acts of the reader, loaded once for a page.
function load() {
  loading ??= fetch("/palette")
    .then((answer) => (answer.ok ? answer.json() : palette), () => palette)
    .then((loaded) => { palette = loaded; });
  return loading;
}

async function open() {
  dialog ??= build();
  if (dialog.open) return;
  dialog.input.value = "";
  show([]);
  dialog.showModal();
  await load();
  refresh();
}

const make = (name, properties) => Object.assign(document.createElement(name), properties);

function build() {
  const made = make("dialog", { className: "c-dialog c-find", ariaLabel: "Search" });
  const label = make("label", { className: "govuk-label", htmlFor: "go-to", textContent: "A name, a plate, a date, a screen, or an act: report missing Ellie" });
  made.input = make("input", { className: "govuk-input", id: "go-to", autocomplete: "off", dir: "auto", role: "combobox" });
  const aria = { "aria-expanded": "true", "aria-controls": "go-to-found", "aria-autocomplete": "list" };
  for (const [name, value] of Object.entries(aria)) made.input.setAttribute(name, value);
  made.list = make("ul", { className: "c-find__found", id: "go-to-found", role: "listbox", ariaLabel: "Results" });
  made.append(label, made.input, made.list);
  document.body.append(made);
  made.input.addEventListener("input", () => { refresh(); later(); });
  made.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); choose(chosen() + step); }
    if (event.key === "Enter") { event.preventDefault(); go(made.list.children[chosen()]); }
  });
  made.list.addEventListener("click", ({ target }) => go(target.closest("li")));
  return made;
}

const go = (row) => row && location.assign(row.dataset.href);
const words = (text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);

// Returns how many of the first typed words are in the name of an act, and the typed text after
// these words.
function verb(typed, act) {
  const own = words(`${act.label} ${act.also}`);
  const parts = typed.trim().split(/\s+/).filter(Boolean);
  const fits = (part) => words(part).every((word) => own.some((other) => other.startsWith(word)));
  let count = 0;
  while (count < parts.length && fits(parts[count])) count += 1;
  return { act, count, rest: parts.slice(count).join(" ") };
}

// Returns the acts with whose names the typed text begins: the acts whose names have most of its
// words.
function verbs(typed) {
  const fitting = palette.acts.map((act) => verb(typed, act))
    .filter(({ act, count, rest }) => count > 0 && (!rest || act.of));
  const most = Math.max(0, ...fitting.map(({ count }) => count));
  return fitting.filter(({ count }) => count === most)
    .sort((one, other) => one.act.label.length - other.act.label.length).slice(0, MOST_ACTS);
}

const ACT = "act";
const back = () => encodeURIComponent(location.pathname + location.search);

// Returns the choices that are shown before the record is searched.
function local(typed) {
  const day = dayOf(typed);
  const knownAs = day && palette.pages.some(({ href }) => href === "/then");
  const wanted = words(typed);
  const pages = palette.pages.filter(({ label }) => wanted.every((word) => label.toLowerCase().includes(word)));
  return [
    ...(knownAs ? [{ label: `Known as at ${typed.trim()}`, side: "the network and the inbox of that day", href: `/then?day=${day}` }] : []),
    ...(typed.trim() ? verbs(typed).filter(({ rest }) => !rest) : []).map(({ act }) => ({ label: act.label, side: ACT, href: `${act.href}?back=${back()}` })),
    ...pages.slice(0, MOST_PAGES),
  ];
}

const refresh = () => show(local(dialog.input.value));

// Returns a typed day (1 March 2011, 1/3/2011 or 2011-03-01), read as the pages read it.
export function dayOf(text) {
  const typed = text.trim();
  const figures = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/.exec(typed);
  if (figures) return valid(figures[3], figures[2], figures[1]);
  const iso = /^(\d{4})-(\d\d)-(\d\d)$/.exec(typed);
  if (iso) return valid(iso[1], iso[2], iso[3]);
  const named = /^(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,}) (\d{4})$/i.exec(typed);
  const month = named && new Date(`1 ${named[2]} 2000 UTC`).getUTCMonth() + 1;
  return month ? valid(named[3], month, named[1]) : null;
}

function valid(year, month, day) {
  const at = new Date(Date.UTC(year, month - 1, day));
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === Number(day) ? at.toISOString().slice(0, 10) : null;
}

let timer;
let searches = 0;
function later() {
  clearTimeout(timer);
  timer = setTimeout(search, PAUSE);
}

// Returns the hits of the search itself, which the access log records; none if the reader may not
// search.
export async function hits(typed) {
  const form = document.getElementById("find") ?? document.querySelector("form[role=search]");
  if (!form || !typed.trim()) return [];
  const fields = new URLSearchParams(new FormData(form));
  fields.set("q", typed);
  const answer = await fetch("/asked", { method: "POST", body: fields, headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return [];
  const part = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...part.querySelectorAll(".c-row")].map((row) => {
    const link = row.querySelector("a");
    const side = row.querySelector(".c-row__side").textContent.trim();
    return { label: link.textContent.trim(), side, href: link.getAttribute("href"), kind: row.dataset.kind };
  });
}

const suits = (act, hit) => act.of === "any" || hit.kind === act.of || (act.of === "case" && hit.kind === "person");

async function search() {
  const mine = ++searches;
  const typed = dialog.input.value;
  const begun = verbs(typed).filter(({ rest }) => rest);
  const [found, picked] = await Promise.all([hits(typed), begun.length ? hits(begun[0].rest) : []]);
  if (mine !== searches) return;
  const acts = begun.flatMap(({ act }) => picked.filter((hit) => suits(act, hit)).slice(0, MOST_PICKED).map((hit) => (
    { label: `${act.label}: ${hit.label}`, side: ACT, href: `${act.href}?of=${hit.href.split("/").at(-1)}&back=${back()}` })));
  show([...acts, ...local(typed), ...found]);
}

function show(rows) {
  dialog.list.replaceChildren(...rows.map(({ label, side, href }, at) => {
    const item = make("li", { id: `go-to-${at}` });
    item.setAttribute("role", "option");
    item.dataset.href = href;
    item.append(make("bdi", { textContent: label.trim() }), make("span", { textContent: side.trim() }));
    return item;
  }));
  choose(0);
}

const chosen = () => [...dialog.list.children].findIndex((row) => row.getAttribute("aria-selected") === "true");

function choose(at) {
  const rows = [...dialog.list.children];
  const which = Math.max(0, Math.min(at, rows.length - 1));
  rows.forEach((row, place) => row.setAttribute("aria-selected", String(place === which)));
  if (rows.length) dialog.input.setAttribute("aria-activedescendant", rows[which].id);
  else dialog.input.removeAttribute("aria-activedescendant");
  rows[which]?.scrollIntoView({ block: "nearest" });
}
