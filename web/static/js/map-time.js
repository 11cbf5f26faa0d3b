// The time of the map: one day, and the mode in which the map shows it: what was known on that day,
// what is known now about that day, or the present with the changes since that day. The field
// always has the day that the map shows.
const byId = (id) => document.getElementById(id);
const field = byId("as_known");
const range = byId("known");
const stops = range.dataset.stops ? range.dataset.stops.split(" ") : [];
const modes = [...document.querySelectorAll("[name=mode]")];
let last = field.value; // the last day that the map showed
export const mode = () => modes.find((one) => one.checked).value;

const iso = (text) => {
  const read = new Date(`${text} 12:00 UTC`);
  return Number.isNaN(read.valueOf()) ? "" : read.toISOString().slice(0, 10);
};

// Sets the fields to the days that the map shows, and to its mode.
export function state(stated, shown) {
  for (const [name, text] of Object.entries(stated)) byId(name).value = text;
  if (stated.as_known) last = stated.as_known;
  for (const one of modes) one.checked = one.value === (stated.as_known ? shown : "now");
  const day = iso(stated.as_known);
  const later = day ? stops.findIndex((stop) => stop >= day) : -1;
  range.value = later < 0 ? stops.length : later;
  range.setAttribute("aria-valuetext", stated.as_known || "now");
}

// Marks a field whose typed text is not a day. The field itself gets the day of the map again.
export function fault(name, text) {
  document.querySelectorAll(".c-fault[data-of]").forEach((one) => one.remove());
  document.querySelectorAll("#net [aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
  const at = name && byId(name);
  if (!at) return;
  const said = Object.assign(document.createElement("span"), { className: "c-fault", id: `${name}-fault`, textContent: text });
  said.dataset.of = name;
  said.setAttribute("role", "alert");
  at.setAttribute("aria-invalid", "true");
  at.setAttribute("aria-describedby", said.id);
  at.after(said);
}

export function times(changed) {
  range.addEventListener("input", () => {
    field.value = stops[range.value] ?? "";
    choose(field.value && mode() !== "difference" ? "then" : field.value ? "difference" : "now");
    changed();
  });
  field.addEventListener("change", () => choose(field.value.trim() ? (mode() === "difference" ? "difference" : "then") : "now"));
  for (const one of modes) {
    one.addEventListener("change", () => {
      if (one.value === "now") field.value = "";
      else if (!field.value.trim()) field.value = last;
      if (one.value !== "now" && !field.value) {
        choose("now");
        fault("as_known", "Write a day first");
        return field.focus();
      }
      changed();
    });
  }
}

function choose(value) {
  for (const one of modes) one.checked = one.value === value;
}
