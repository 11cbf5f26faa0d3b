// The assessing workbench by keys: 1-3 the source, a-e the information, p or c the handling; a chip
// that has the focus takes 1, 2 ... or n; Ctrl-Enter grades, and the next item comes. Keys never act
// while somebody types, and can be switched off where the queue is.
const form = document.getElementById("grade");
const part = document.getElementById("chips");
const keys = () => localStorage.getItem("keys") !== "off";
const typing = ({ target }) => Boolean(target.closest("textarea, select, input:not([type=radio])"));

const GRADES = { 1: "source_grade-1", 2: "source_grade-2", 3: "source_grade-3" };
for (const letter of "abcde") GRADES[letter] = `information-${letter.toUpperCase()}`;
const said = (name) => form.querySelector(`[name=${name}]:checked`);

function grade(key) {
  // "c" is the information's until one is chosen, then the handling's
  const handling = { p: "handling-P", c: "handling-C" }[key];
  const which = handling && (key === "p" || said("information")) ? handling : GRADES[key];
  const radio = which && document.getElementById(which);
  if (!radio) return false;
  radio.checked = true;
  radio.focus();
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  if (said("source_grade") && said("information") && said("handling")?.value === "P") document.getElementById("text").focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    return form.requestSubmit(document.getElementById("and-next") ?? undefined);
  }
  if (!keys() || typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  const chip = event.target.closest(".c-chip");
  const choice = chip?.querySelector(`[aria-keyshortcuts="${CSS.escape(key)}"]`);
  const kind = !chip || chip.querySelector(".c-chip__tie") ? part.querySelector(`#tie:not([hidden]) [data-letter="${CSS.escape(key)}"]`) : null;
  if (choice ?? kind) (choice ?? kind).click();
  else if (!grade(key)) return;
  event.preventDefault();
});

const show = (html) => part.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);

part?.addEventListener("submit", async (event) => {
  const sent = event.target;
  if (sent.id === "tie") return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(sent, event.submitter));
  const answer = await fetch(sent.action, { method: "POST", body }).catch(() => null);
  if (!answer?.ok) return sent.submit();
  show(await answer.text());
  (part.querySelector(".c-chip form button") ?? part.querySelector(".c-chip__tie"))?.focus();
});

part?.addEventListener("click", ({ target }) => {
  const chip = target.closest(".c-chip__tie");
  const kind = target.closest("[data-letter]");
  if (chip) choose(chip);
  if (kind) tie(kind.value);
});

function choose(chip) {
  chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
  const pressed = [...part.querySelectorAll(".c-chip__tie[aria-pressed=true]")];
  if (pressed.length > 2) pressed.find((one) => one !== chip).setAttribute("aria-pressed", "false");
  offer();
}

// Which kinds of tie the two may have, either way round.
function offer() {
  const box = part.querySelector("#tie");
  const [one, other] = [...part.querySelectorAll(".c-chip__tie[aria-pressed=true]")];
  box.hidden = !other;
  if (!other) return;
  const shapes = JSON.parse(part.querySelector("#chips-in").dataset.shapes);
  const fits = (shape, a, b) => shape.from.includes(a.dataset.what) && shape.to.includes(b.dataset.what);
  const kinds = Object.entries(shapes).flatMap(([kind, shape]) => (fits(shape, one, other) ? [[kind, shape, one, other]] : fits(shape, other, one) ? [[kind, shape, other, one]] : []));
  part.querySelector("#tie-says").textContent = `${one.textContent} and ${other.textContent}:`;
  part.querySelector("#tie-kinds").replaceChildren(...kinds.map(([kind, shape, a, b]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "c-act";
    button.value = kind;
    button.dataset.letter = shape.letter;
    button.dataset.a = a.dataset.who;
    button.dataset.b = b.dataset.who;
    const letter = document.createElement("kbd");
    letter.textContent = shape.letter;
    button.append(letter, ` ${kind.replaceAll("-", " ")}`);
    return button;
  }));
}

async function tie(kind) {
  const box = part.querySelector("#tie");
  const chosen = part.querySelector(`#tie-kinds [value="${CSS.escape(kind)}"]`);
  box.elements.a.value = chosen.dataset.a;
  box.elements.b.value = chosen.dataset.b;
  box.elements.kind.value = kind;
  const answer = await fetch(box.action, { method: "POST", body: new URLSearchParams(new FormData(box)), redirect: "manual" }).catch(() => null);
  if (answer?.type !== "opaqueredirect") return box.submit(); // the page says what is wrong
  const told = `${part.querySelector("#tie-says").textContent} ${kind.replaceAll("-", " ")}. ${form.dataset.tied}`;
  show(await (await fetch(`${location.pathname}/chips`, { headers: { "x-unasked": "1" } })).text());
  part.querySelector("#tied").textContent = told;
  part.querySelector(".c-chip__tie")?.focus();
}
