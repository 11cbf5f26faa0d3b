// The entry form. An entry is stored on the phone before it is sent, and the form is emptied before
// the script waits for anything, so that no entry is lost or sent twice.
import * as outbox from "/static/js/outbox.js";
import { camera } from "/static/js/photograph.js";
import { go, receiptOf, who } from "/static/js/page.js";

const form = document.getElementById("entry");
const kept = document.getElementById("kept");
const sent = document.getElementById("sent");
const fields = ["words", "how_known", "heard_from", "relation", "when", "case", "urgent_reason"];

// Photographs of the paper log, which are sent with the entry.
const taken = [];

function showTaken() {
  const many = taken.length;
  const said = many === 1 ? "1 photograph of the paper log is sent with this entry." : `${many} photographs of the paper log are sent with this entry.`;
  document.getElementById("taken").textContent = many ? said : "";
  document.getElementById("untake").hidden = !many;
}

// A tab has a draft for each person who signs in on it.
const slot = `draft ${who ?? ""}`;
function draftId() {
  let id = sessionStorage.getItem(slot);
  if (!id) sessionStorage.setItem(slot, (id = crypto.randomUUID()));
  return id;
}

function read(from = form) {
  const data = new FormData(from);
  const entry = { urgent: data.get("urgent") === "true" };
  for (const name of fields) entry[name] = data.get(name) ?? "";
  entry.noticed = data.getAll("noticed");
  return entry;
}

function fill(entry) {
  for (const name of fields) {
    const field = form.elements[name];
    if (field instanceof RadioNodeList) field.value = entry[name] ?? "";
    else field.value = entry[name] ?? "";
  }
  form.elements.urgent.checked = Boolean(entry.urgent);
  const signs = form.querySelectorAll("[name=noticed]"); // a page from an older cache has no such boxes
  for (const sign of signs) sign.checked = (entry.noticed ?? []).includes(sign.value);
  const more = document.getElementById("more");
  const told = (field) => (field.type === "checkbox" ? field.checked : field.value);
  if (more) more.open = [...more.querySelectorAll("input, select")].some(told);
  showFamily();
}

function complain(on) {
  document.getElementById("words-error").hidden = !on;
  document.getElementById("words-group").classList.toggle("govuk-form-group--error", on);
  if (on) form.elements.words.setAttribute("aria-invalid", "true");
  else form.elements.words.removeAttribute("aria-invalid");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const entry = read();
  complain(!entry.words.trim());
  if (!entry.words.trim()) return form.elements.words.focus();
  const id = form.elements.command_id.value || crypto.randomUUID();
  const told = new Date().toISOString();
  form.reset();
  showFamily();
  form.elements.command_id.value = crypto.randomUUID();
  clearTimeout(saving);
  keep(id, { ...entry, told, command_id: id }, taken.splice(0));
  showTaken();
});

// The entries that this page stored and that are not sent yet. If there is only one, the page shows
// its receipt after it was sent, unless the user has begun to write the next entry.
const waiting = new Set();
let several = false;

// The text that the server put into the box, because a quick user types before this script has
// loaded.
const asWritten = form.cloneNode(true);
asWritten.reset();
const blank = JSON.stringify(read(asWritten));
const untouched = () => JSON.stringify(read()) === blank && !taken.length;

async function keep(id, entry, papers) {
  several ||= waiting.size > 0;
  waiting.add(id);
  try {
    await outbox.put(id, entry, who, papers);
  } catch {
    fill(entry);
    form.elements.command_id.value = id;
    if (papers.length) return noRoom(id, papers);
    return form.submit(); // this browser has no storage, so the form itself sends the entry
  }
  await outbox.dropDraft(draftId());
  await go();
  if (!waiting.has(id)) return; // the entry was sent already, or was refused and is shown above the form with the reason
  kept.hidden = false;
  kept.focus();
}

function noRoom(id, papers) {
  waiting.delete(id);
  taken.push(...papers);
  showTaken();
  document.getElementById("taken").textContent += " This phone has no room for it: remove the photographs, and send the entry.";
  document.getElementById("untake").focus();
}

addEventListener("outbox:sent", ({ detail }) => {
  if (!waiting.delete(detail.command)) return;
  if (!several && untouched()) return location.assign(detail.url);
  several ||= waiting.size > 0;
  document.getElementById("sent-receipts").append(receiptOf(detail), " ");
  sent.hidden = false;
  kept.hidden = waiting.size === 0;
});

addEventListener("outbox:refused", ({ detail }) => {
  if (waiting.delete(detail.command)) kept.hidden = waiting.size === 0;
});

// When the server answers again, the page that the user requested replaces this one, unless this
// page has typed text or the receipt of a waiting entry.
addEventListener("outbox:reached", ({ detail }) => {
  if (location.pathname === "/offline") return; // under its own address this page replaces no other page
  if (untouched() && !detail.waited) return location.reload();
  document.getElementById("no-signal").hidden = true;
  document.getElementById("signal").hidden = false;
});

// --- unfinished entries are stored while the user types, so that a crashed tab loses nothing -----

let saving = 0;
form.addEventListener("input", () => {
  clearTimeout(saving);
  saving = setTimeout(() => {
    const entry = read();
    if (entry.words.trim()) outbox.keepDraft(draftId(), entry, who).catch(() => {});
    else outbox.dropDraft(draftId()).catch(() => {});
  }, 300);
});

async function unfinished() {
  const all = await outbox.drafts(who);
  const own = all.find((one) => one.id === draftId());
  if (own && !form.elements.words.value) fill(await outbox.read(own));
  const held = navigator.locks ? (await navigator.locks.query()).held.map((one) => one.name) : [];
  const left = all.filter((one) => one.id !== draftId() && !held.includes(`draft-${one.id}`));
  const found = document.getElementById("found");
  found.hidden = left.length === 0;
  document.getElementById("go-on").onclick = async () => {
    fill(await outbox.read(left[0]));
    await outbox.dropDraft(left[0].id);
    await outbox.keepDraft(draftId(), read(), who);
    await unfinished();
    form.elements.words.focus();
  };
  document.getElementById("drop").onclick = async () => {
    await outbox.dropDraft(left[0].id);
    await unfinished();
  };
}
navigator.locks?.request(`draft-${draftId()}`, () => new Promise(() => {}));
unfinished().catch(() => {});

// --- the paper log ------------------------------------------------------------------------------

document.getElementById("untake").addEventListener("click", () => {
  taken.length = 0;
  showTaken();
});
// If this browser stores nothing, the text is sent without photographs, and there is no camera
// button.
outbox.waiting().then(() => camera((one) => {
  taken.push(one);
  showTaken();
})).catch(() => {});

// --- families that the user chooses with a tap --------------------------------------------------

const taps = document.querySelectorAll("[data-case]");
function showFamily() {
  for (const tap of taps) tap.setAttribute("aria-pressed", String(tap.dataset.case === form.elements.case.value));
}
for (const tap of taps) {
  tap.addEventListener("click", () => {
    form.elements.case.value = tap.dataset.case;
    showFamily();
    if (!tap.dataset.case) form.elements.case.focus();
  });
}
form.elements.case.addEventListener("input", showFamily);
showFamily();
