// Runs on every page: GOV.UK's components, the service worker, and the list of entries that wait in
// the outbox.
import { initAll } from "/static/vendor/govuk-frontend.min.js";
import * as outbox from "/static/js/outbox.js";

initAll();
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});

const place = document.getElementById("outbox");
// Stores the user of this phone for times without a signal, so that no entry is sent under another
// user's name.
if (document.body.dataset.who) localStorage.setItem("who", document.body.dataset.who);
export const who = localStorage.getItem("who");
// This is the cached page, which is shown only because the server did not answer.
const shell = document.getElementById("no-signal");
const REASONS = {
  "signed-out": "Sign in to send.",
  "collect": "Your team asks for these entries: sign in to send them.",
  "somebody-else": "They are sent when the person who wrote them signs in on this phone.",
};

// Shows at a form that it was sent, and prevents that it is sent twice. The form's button is not
// disabled, because the value of a disabled button would not be sent. If the page stays, as after a
// download, the form can be sent again.
const AGAIN = 10_000;
const DOWNLOAD = /(\.(pdf|xlsx|ics|zip|csv)|\/(calendar|export))(\?|$)/;

addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
  if (form.getAttribute("role") === "search" || DOWNLOAD.test(event.submitter?.getAttribute("formaction") ?? form.getAttribute("action"))) return;
  if (form.hasAttribute("aria-busy")) {
    event.preventDefault();
    return;
  }
  form.setAttribute("aria-busy", "true");
  const button = event.submitter ?? form.querySelector("[type=submit]");
  const status = Object.assign(document.createElement("span"), { className: "govuk-visually-hidden" });
  status.setAttribute("role", "status");
  form.append(status);
  status.textContent = "Sending";
  const label = [...(button?.childNodes ?? [])];
  button?.replaceChildren("Sending…");
  const restore = () => {
    form.removeAttribute("aria-busy");
    status.remove();
    button?.replaceChildren(...label);
  };
  setTimeout(restore, AGAIN);
  addEventListener("pageshow", restore, { once: true }); // this runs if the user left the page and the browser shows it again
});

// On a phone the tabs are one row, which is wider than the screen.
const tab = document.querySelector(".c-tabs [aria-current]");
if (tab) tab.closest("ul").scrollLeft = tab.offsetLeft - (innerWidth - tab.offsetWidth) / 2;

// Copies a reference number, for use in another program or at the command line.
document.addEventListener("click", async ({ target }) => {
  if (!target.matches?.("[data-copy]")) return;
  const done = await navigator.clipboard?.writeText(target.dataset.copy).then(() => true, () => false);
  target.textContent = done ? "Copied" : target.dataset.copy;
});

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "govuk-button govuk-button--secondary c-small";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function link(text, href) {
  const made = document.createElement("a");
  made.className = "govuk-link";
  made.href = href;
  made.textContent = text;
  return made;
}

// The state of each entry that was sent since this page was opened.
const receipts = [];

export function receiptOf({ id, url }) {
  return link(`Receipt ${id.slice(-8)}`, url);
}

let told = 0;
let waited = false; // true if any entry has waited since this page was opened
export async function tell(why) {
  const mine = ++told;
  const all = await outbox.waiting();
  const open = all.filter((one) => !one.refused);
  waited ||= open.length > 0;
  const parts = [];
  if (receipts.length) parts.push("Your entry was sent and recorded. ", ...receipts.flatMap((one) => [receiptOf(one), " "]));
  if (open.length) parts.push(`${open.length} not sent yet. ${REASONS[why] ?? "They are sent automatically when there is a signal."} `);
  if (open.length && ["signed-out", "collect"].includes(why) && !location.pathname.startsWith("/sign-in")) {
    parts.push(link("Sign in", `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`));
  }
  for (const held of all.filter((one) => one.refused)) {
    const box = document.createElement("div");
    box.append(held.receipt ? `The log entry is recorded; a photograph was refused: ${held.refused} ` : `Not recorded: ${held.refused} `);
    if (!held.by || held.by === document.body.dataset.who) { // only this user's entries are listed, because several people may use a phone
      const words = document.createElement("bdi");
      words.textContent = (await outbox.read(held)).words.slice(0, 200);
      box.append(words, document.createElement("br"));
      if (held.receipt) box.append(receiptOf(held.receipt), " ");
      else box.append(button("Send as a new entry", async () => { await outbox.sendAsNew(held.id); await go(); }));
      box.append(button("Delete the entry", async () => { await outbox.forget(held.id); await tell(); }));
    } else box.append("The person who wrote it sees it when they sign in on this phone.");
    parts.push(box);
  }
  if (mine !== told) return;
  place.replaceChildren(...parts);
  place.hidden = parts.length === 0;
}

// While an entry waits and the server does not answer, this asks the server again: often at first,
// and later at least every few seconds.
const FIRST = 1_000;
const MOST = 4_000;
let pause = FIRST;
let again = 0;

export async function go() {
  clearTimeout(again);
  const { why } = await outbox.flush(Boolean(shell));
  const wish = why === "offline" ? null : await outbox.contact().catch(() => null);
  await tell(wish === "collect" && why === "signed-out" ? "collect" : why);
  clearTimeout(again);
  if (why === "offline") {
    again = setTimeout(go, pause);
    pause = Math.min(pause * 1.5, MOST);
  } else {
    pause = FIRST;
    if (shell) dispatchEvent(new CustomEvent("outbox:reached", { detail: { waited } }));
  }
}

addEventListener("outbox:sent", ({ detail }) => { receipts.push(detail); tell(); });
addEventListener("outbox:refused", () => tell());
addEventListener("online", go);
addEventListener("pageshow", ({ persisted }) => { if (persisted) go(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) go(); });
// Any answer of the server to another request shows that it is back.
for (const one of ["continuum:live", "htmx:afterOnLoad"]) {
  document.body.addEventListener(one, async () => { if ((await outbox.waiting()).some((held) => !held.refused)) go(); });
}
go();
