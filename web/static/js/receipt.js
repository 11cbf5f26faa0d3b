// A receipt learns by itself who has taken it; while it hears nothing, it says so.
import "/static/js/live.js";

const state = document.getElementById("state");
const unheard = document.getElementById("unheard");
const shown = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: "Europe/London" });
let heard = new Date();
let asking = false;

async function ask() {
  if (asking) return;
  asking = true;
  const answer = await fetch(state.dataset.ask, { headers: { "accept": "application/json", "x-unasked": "1" }, signal: AbortSignal.timeout(10_000) }).catch(() => null);
  asking = false;
  unheard.hidden = Boolean(answer?.ok);
  if (answer?.ok) return show(await answer.text());
  const since = `This is what was known at ${shown.format(heard)}.`;
  unheard.textContent = answer?.status === 401 ? `You were signed out. ${since}` : `No signal. ${since}`;
}

function show(html) {
  heard = new Date();
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  const called = fresh.querySelector("template").content;
  if (called.textContent.trim() !== document.getElementById("called").textContent.trim()) {
    document.getElementById("called").replaceChildren(...called.childNodes);
  }
  if (fresh.textContent.trim() === state.textContent.trim()) return;
  state.replaceChildren(...fresh.childNodes);
  document.title = `${state.querySelector("h1").textContent} - Continuum`;
}

for (const one of ["changed", "unsure"]) document.body.addEventListener(`continuum:${one}`, ask);
setTimeout(ask, 1_000); // what came between the page and the channel
setInterval(() => { if (!document.hidden) ask(); }, 60_000); // who is called next, after a time
