// A saved map: its arrangement, which a user saved under a name, and the notes on it.
const read = JSON.parse(document.getElementById("arranged").textContent);
export const CHART = { id: null, pins: {}, hidden: [], opened: [], notes: [], ...read };
export const PINS = new Map(Object.entries(CHART.pins).map(([id, [x, y]]) => [id, { x, y }]));

const dialog = document.getElementById("saving");
const form = dialog?.querySelector("form");
const shown = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "Europe/London" });

function field(name, value) {
  return Object.assign(document.createElement("input"), { type: "hidden", name, value });
}

// Saves the map with its present query and arrangement.
export function saving(ask, hand) {
  if (!dialog) return;
  document.getElementById("save").addEventListener("click", () => dialog.showModal());
  document.getElementById("saving-not").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", () => {
    const asked = [...new FormData(ask)].filter(([name, value]) => value && name !== "chart");
    const { moved, hidden, opened } = hand;
    const told = [
      ...asked,
      ...[...hidden].map((id) => ["hidden", id]),
      ...[...opened].map((id) => ["opened", id]),
      ...[...moved].map(([id, { x, y }]) => ["pins", `${id} ${x.toFixed(1)} ${y.toFixed(1)}`]),
    ];
    document.getElementById("saving-more").replaceChildren(...told.map(([name, value]) => field(name, value)));
  });
}

export const isNoted = (ids) => CHART.notes.some((one) => ids.includes(one.of));

async function keep(of, words) {
  const body = new URLSearchParams({ csrf: form.elements.csrf.value, command_id: crypto.randomUUID(), of, words });
  const answer = await fetch(`/charts/${CHART.id}/notes`, { method: "POST", body }).catch(() => null);
  return answer?.ok;
}

function made(name, more) {
  return Object.assign(document.createElement(name), more);
}

// Shows the notes on a person, thing or link, and the button that removes a note; `again` draws
// them again after a change.
export function noteOn(ids, again) {
  const about = CHART.notes.filter((one) => ids.includes(one.of));
  const told = about.map((one) => {
    const box = made("blockquote", { className: "c-note" });
    const side = made("p", { className: "c-row__side", textContent: `${one.by}, ${shown.format(new Date(one.at))}` });
    box.append(made("p", { textContent: one.words }), side);
    return box;
  });
  if (!form) return told;
  const button = made("button", { type: "button", className: "c-act", id: "note", textContent: about.length ? "Change the note" : "Add a note" });
  button.setAttribute("aria-keyshortcuts", "n");
  button.addEventListener("click", () => (CHART.id ? button.replaceWith(writing(ids[0], about[0], again)) : dialog.showModal()));
  if (!CHART.id) button.title = "A note belongs to a saved map: save the map first";
  return [...told, button];
}

function writing(of, before, again) {
  const box = made("form", { className: "c-note" });
  const label = made("label", { htmlFor: "note-words", textContent: "Note" });
  const words = made("textarea", { id: "note-words", className: "govuk-textarea", rows: 3, dir: "auto", value: before?.words ?? "" });
  const told = made("p", { role: "status" });
  const send = made("button", { type: "submit", className: "c-act", textContent: "Save the note" });
  box.append(label, words, send, told);
  box.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    if (!(await keep(before?.on ?? of, words.value.trim()))) {
      send.disabled = false;
      told.textContent = "The note was not saved. Try again, or reload the page.";
      return;
    }
    CHART.notes = CHART.notes.filter((one) => one !== before);
    if (words.value.trim()) CHART.notes.push({ of, on: before?.on ?? of, words: words.value.trim(), by: document.body.dataset.who, at: new Date().toISOString() });
    again();
    document.getElementById("note")?.focus();
  });
  queueMicrotask(() => words.focus());
  return box;
}
