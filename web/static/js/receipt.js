// Shows on a receipt which worker has taken the entry, without a reload. While no message arrives
// from the server, the receipt says so.
import "/static/js/live.js";
import * as outbox from "/static/js/outbox.js";
import { go, who } from "/static/js/page.js";
import { camera } from "/static/js/photograph.js";
import "/static/js/read.js";

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
  const since = `This was the state at ${shown.format(heard)}.`;
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
setTimeout(ask, 1_000); // this asks for changes between the loading of the page and the opening of the channel
setInterval(() => { if (!document.hidden) ask(); }, 60_000); // this shows the next person on call when the escalation goes on

// Sends a photograph of the paper log through the outbox, as entries are sent: without a signal it
// waits there, encrypted.
const paper = document.getElementById("paper");
if (document.getElementById("camera")) {
  const { item } = paper.dataset;
  const said = document.getElementById("taken");
  const mine = new Set();
  camera(async (one) => {
    const id = crypto.randomUUID();
    mine.add(id);
    try {
      await outbox.put(id, { item, words: "A photograph of the paper log" }, who, [one]);
    } catch {
      said.textContent = "This browser cannot save anything: the photograph was not saved.";
      return;
    }
    said.textContent = "Saved on this phone, encrypted. Not sent yet.";
    await go();
  });
  addEventListener("outbox:sent", ({ detail }) => { if (mine.delete(detail.command)) location.reload(); });
  addEventListener("outbox:refused", ({ detail }) => { if (mine.delete(detail.command)) said.textContent = ""; });
}
