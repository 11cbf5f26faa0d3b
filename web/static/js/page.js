// On every page: GOV.UK's components, the service worker, and what waits in the outbox.
import { initAll } from "/static/vendor/govuk-frontend.min.js";
import * as outbox from "/static/js/outbox.js";

initAll();
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});

const place = document.getElementById("outbox");
// Whose phone this is, also while there is no signal: nobody's words go out under another name.
if (document.body.dataset.who) localStorage.setItem("who", document.body.dataset.who);
export const who = localStorage.getItem("who");
const REASONS = {
  "signed-out": "Sign in to send.",
  "collect": "Your team asks for them: sign in to send.",
  "somebody-else": "They are sent when whoever wrote them signs in on this phone.",
};

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "govuk-button govuk-button--secondary c-small";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

export async function tell(why) {
  const all = await outbox.waiting();
  const open = all.filter((one) => !one.refused);
  const parts = [];
  if (open.length) {
    const reason = REASONS[why] ?? "They go by themselves when there is a signal.";
    parts.push(`${open.length} not sent yet. ${reason}`);
  }
  place.replaceChildren(document.createTextNode(parts.join(" ")));
  if (open.length && ["signed-out", "collect"].includes(why) && !location.pathname.startsWith("/sign-in")) {
    const link = document.createElement("a");
    link.className = "govuk-link";
    link.href = `/sign-in?next=${encodeURIComponent(location.pathname)}`;
    link.textContent = "Sign in";
    place.append(" ", link);
  }
  for (const held of all.filter((one) => one.refused)) {
    const box = document.createElement("div");
    const words = document.createElement("bdi");
    words.textContent = (await outbox.read(held)).words.slice(0, 200);
    box.append(`Not recorded: ${held.refused} `, words, document.createElement("br"));
    box.append(button("Send as a new entry", async () => { await outbox.sendAsNew(held.id); await go(); }));
    box.append(button("Delete it", async () => { await outbox.forget(held.id); await tell(); }));
    place.append(box);
  }
  place.hidden = all.length === 0;
}

export async function go() {
  const done = await outbox.flush();
  const wish = await outbox.contact().catch(() => null);
  await tell(wish === "collect" && done.why === "signed-out" ? "collect" : done.why);
  return done;
}

window.addEventListener("online", go);
document.addEventListener("visibilitychange", () => { if (!document.hidden) go(); });
setInterval(async () => { if ((await outbox.waiting()).length) go(); }, 20_000);
go();
