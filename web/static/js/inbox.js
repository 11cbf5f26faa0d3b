// The inbox: a list of entries, and beside it the entry that is assessed; both are used with single
// keys. An entry opens in the pane beside the list. Without a list (on the entry's own page, on a
// phone) the entry's page is loaded instead. Keys have no effect while the user types into a field,
// and can be switched off above the list. Keys of the list: j and k for the next and the previous
// entry, Enter to open it, t to take it, s, r, m and n to decide. Keys of an entry: 1 to 3 for the
// source, a to e for the information, p and c for the handling code, Ctrl-Enter to grade and open
// the next. Keys of a mention that has the focus: 1, 2 ... or n; keys of a corroboration: y or n.
import { keysOn, list, parsed, typing } from "/static/js/list.js";
import "/static/js/live.js";

const queue = document.getElementById("queue");
const dialog = document.getElementById("decide");
const work = document.getElementById("work");
const message = document.getElementById("told");
const WIDE = matchMedia("(min-width: 60em)");
const DECISIONS = { s: "safeguard", r: "refer", m: "more-needed", n: "no-value" };
const GRADES = { 1: "source_grade-1", 2: "source_grade-2", 3: "source_grade-3" };
for (const letter of "abcde") GRADES[letter] = `information-${letter.toUpperCase()}`;
const grading = () => document.getElementById("grade");
const chosen = (name) => grading().querySelector(`[name=${name}]:checked`);
const entries = queue && list(queue, ".c-item", { chosen: mark, pane: work });
const rows = () => entries?.rows() ?? [];
const row = (id) => rows().find((item) => item.dataset.id === id);
const current = () => entries?.current()?.dataset.id ?? null;

// ---- the list

function mark() {
  for (const item of rows()) item.classList.toggle("c-line-item--shown", item.dataset.id === work.dataset.item);
}

function decide(id, outcome) {
  const words = row(id)?.querySelector("bdi") ?? document.querySelector("#words bdi");
  dialog.querySelector("form").action = `/queue/${id}/decide`;
  document.getElementById("decide-words").textContent = words.textContent;
  for (const radio of dialog.querySelectorAll("[name=outcome]")) radio.checked = radio.value === outcome;
  dialog.showModal();
  if (outcome) document.getElementById("decide-reason").focus();
}

document.getElementById("decide-close").addEventListener("click", () => dialog.close());

// After the list was loaded again because something was recorded, the same row is selected, and a
// message says that the list has changed.
queue?.addEventListener("htmx:afterSwap", () => {
  const item = row(current());
  if (item && !dialog.open) entries.select(item, queue.contains(document.activeElement) || document.activeElement === document.body);
  message.textContent = `The queue has changed: ${rows().length} shown.`;
});

// ---- the pane beside the list

async function open(address, options, into = "push") {
  const answer = await fetch(address, options).catch(() => null);
  const pane = answer && parsed(await answer.text()).getElementById("work");
  if (!pane || !queue || !WIDE.matches) {
    if (options) return false;
    location.assign(address);
    return false;
  }
  work.replaceChildren(...pane.childNodes);
  work.dataset.item = pane.dataset.item ?? "";
  globalThis.htmx?.process(work);
  if (into === "push") history.pushState({ pane: answer.url }, "", answer.url);
  const item = row(work.dataset.item);
  if (item) entries.select(item, false);
  mark();
  work.scrollTop = 0;
  const start = work.querySelector("#as-told");
  start?.setAttribute("tabindex", "-1");
  start?.focus({ preventScroll: true });
  return true;
}

addEventListener("popstate", () => {
  if (queue && /^\/(assess\/|queue)/.test(location.pathname)) open(location.href, undefined, "keep");
});

const sent = (form, submitter) => ({ method: "POST", body: new URLSearchParams(new FormData(form, submitter)) });

async function submitGrade(event) {
  if (!queue || !WIDE.matches) return;
  event.preventDefault();
  if (!(await open(event.target.getAttribute("action"), sent(event.target, event.submitter)))) event.target.submit();
}

// Sends a form whose answer is shown on this page. Returns null if the answer has to be shown as a
// page of its own.
async function done(form, submitter) {
  const answer = await fetch(form.getAttribute("action"), { ...sent(form, submitter), redirect: "manual" }).catch(() => null);
  return answer?.type === "opaqueredirect" ? answer : null;
}

async function reload(part, address) {
  const answer = await fetch(address, { headers: { "x-unasked": "1" } });
  const fresh = parsed(await answer.text());
  part.replaceChildren(...(fresh.getElementById(part.id) ?? fresh.body).childNodes);
}

async function judge(form) {
  const graded = document.getElementById("graded");
  if (!(await done(form))) return form.submit();
  await reload(graded, graded.dataset.part);
  nextCorroboration()?.focus();
}

const nextCorroboration = () => document.querySelector('#graded [data-state="open"] [data-judge="y"]');

// ---- mentions and links

const chips = () => document.getElementById("chips");

async function match(form, submitter) {
  const answer = await fetch(form.getAttribute("action"), sent(form, submitter)).catch(() => null);
  if (!answer?.ok) return form.submit();
  chips().replaceChildren(...parsed(await answer.text()).body.childNodes);
  (chips().querySelector(".c-chip:not(.c-chip--said) form button") ?? chips().querySelector(".c-chip__tie"))?.focus();
}

function pick(chip) {
  chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
  const pressed = [...chips().querySelectorAll(".c-chip__tie[aria-pressed=true]")];
  if (pressed.length > 2) pressed.find((other) => other !== chip).setAttribute("aria-pressed", "false");
  offer();
}

// Returns the sentences for a link of the two chosen mentions, in both directions.
function offer() {
  const box = document.getElementById("tie");
  const [first, second] = [...chips().querySelectorAll(".c-chip__tie[aria-pressed=true]")];
  box.hidden = !second;
  if (!second) return;
  const shapes = JSON.parse(document.getElementById("chips-in").dataset.shapes);
  const fits = (shape, a, b) => shape.from.includes(a.dataset.what) && shape.to.includes(b.dataset.what);
  const kinds = Object.entries(shapes).flatMap(([kind, shape]) => (fits(shape, first, second) ? [[kind, shape, first, second]] : fits(shape, second, first) ? [[kind, shape, second, first]] : []));
  document.getElementById("tie-kinds").replaceChildren(...kinds.map(([kind, shape, a, b]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "c-act";
    button.value = kind;
    Object.assign(button.dataset, { letter: shape.letter, a: a.dataset.who, b: b.dataset.who });
    const letter = document.createElement("kbd");
    letter.textContent = shape.letter;
    button.append(letter, ` ${a.dataset.label} ${shape.verb} ${b.dataset.label}`);
    return button;
  }));
}

async function link(button) {
  const box = document.getElementById("tie");
  Object.assign(box.elements.a, { value: button.dataset.a });
  Object.assign(box.elements.b, { value: button.dataset.b });
  box.elements.kind.value = button.value;
  const sentence = button.lastChild.textContent.trim();
  if (!(await done(box))) return box.submit(); // the page that the browser then loads says what is wrong
  await reload(chips(), `/assess/${work.dataset.item}/chips`);
  document.getElementById("tied").textContent = `Added: ${sentence}.`;
  chips().querySelector(".c-chip__tie")?.focus();
}

async function undo(form) {
  if (!(await done(form))) return form.submit();
  await reload(chips(), `/assess/${work.dataset.item}/chips`);
  document.getElementById("tied").textContent = "The link was retracted.";
}

// ---- one listener for each kind of event, because the contents of the pane are replaced

work.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id === "grade") return submitGrade(event);
  if (form.matches(".c-chip form")) match(form, event.submitter);
  else if (form.matches("[data-judges]")) judge(form);
  else if (form.matches("[data-undoes]")) undo(form);
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const { target } = event;
  const opens = target.closest("a[data-open]");
  const said = target.closest(".c-said");
  const chip = target.closest(".c-chip__tie");
  const kind = target.closest("#tie-kinds button");
  const deciding = target.closest("[data-decide]");
  if (opens && queue && WIDE.matches && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    open(opens.href);
  } else if (said) {
    event.preventDefault();
    const place = document.getElementById(`chip-${said.dataset.span}`);
    const named = place?.querySelector(".c-chip__tie");
    if (named) pick(named);
    (named ?? place?.querySelector("button"))?.focus();
  } else if (chip) pick(chip);
  else if (kind) link(kind);
  else if (deciding) decide(deciding.dataset.decide);
});

function grade(key) {
  // "c" is a grade of the information until that grade is chosen; after that it is a handling code
  const handling = { p: "handling-P", c: "handling-C" }[key];
  const which = handling && (key === "p" || chosen("information")) ? handling : GRADES[key];
  const radio = which && document.getElementById(which);
  if (!radio) return false;
  radio.checked = true;
  radio.focus();
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  if (chosen("source_grade") && chosen("information") && chosen("handling")?.value === "P") document.getElementById("text").focus();
  return true;
}

function inPane(event, key) {
  const chip = event.target.closest(".c-chip");
  const choices = chip?.querySelectorAll(`[aria-keyshortcuts="${CSS.escape(key)}"]`) ?? [];
  const choice = [...choices].find((one) => one.checkVisibility()); // the first choice that is visible: a match may be folded away
  const kind = !chip || chip.querySelector(".c-chip__tie") ? document.querySelector(`#tie:not([hidden]) [data-letter="${CSS.escape(key)}"]`) : null;
  if (choice ?? kind) return (choice ?? kind).click(), true;
  const corroboration = key === "y" ? nextCorroboration() : key === "n" && !chip && document.querySelector('#graded [data-state="open"] [data-judge="n"]');
  if (corroboration) return key === "y" ? corroboration.click() : corroboration.focus(), true;
  return Boolean(grading()) && grade(key);
}

function inList(key) {
  if (key === "t" || key === "a") {
    const act = entries.current()?.querySelector(`[data-act=${key}]`);
    return act?.click(), Boolean(act);
  }
  const item = DECISIONS[key] && (entries.current() ?? rows()[0]);
  if (!item) return false;
  entries.select(item);
  decide(current(), DECISIONS[key]);
  return true;
}

document.addEventListener("keydown", (event) => {
  if (dialog.open) return;
  const { key } = event;
  if (key === "Enter" && (event.ctrlKey || event.metaKey) && grading()) {
    event.preventDefault();
    return grading().requestSubmit(document.getElementById("and-next") ?? undefined);
  }
  if (!keysOn() || typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (queue && !queue.dataset.ready) return;
  if (queue && (key === "j" || key === "k")) return; // the keys j and k move through the list, and not through the entry
  const inside = work.contains(event.target) || !queue || (work.dataset.item && !queue.contains(event.target));
  if (inside ? inPane(event, key.toLowerCase()) : inList(key)) event.preventDefault();
});
work.dataset.ready = "yes";

// Until a page has loaded, the browser may still jump to the item in its address, which would take
// the focus out of an open dialog. Keys that open a dialog wait until then.
if (queue) {
  if (document.readyState !== "complete") await new Promise((loaded) => window.addEventListener("load", loaded));
  await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
  entries.select(rows().find((item) => location.hash === `#${item.id}`));
  queue.dataset.ready = "yes";
}
