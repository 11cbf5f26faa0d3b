// The outbox: entries stay on this phone, encrypted under a key that no script can export, until
// the server has received them. The id of an entry is its command id, so an entry that is sent
// twice is recorded once.
import { openDB } from "/static/vendor/idb.js";

const opened = openDB("continuum", 1, {
  upgrade(db) {
    db.createObjectStore("keys");
    db.createObjectStore("entries", { keyPath: "id" });
    db.createObjectStore("drafts", { keyPath: "id" });
  },
});

// Photographs of paper are stored separately from entries, so that counting the waiting entries
// does not read them. They are encrypted as the entries are.
const pictures = openDB("continuum-pictures", 1, {
  upgrade(db) {
    db.createObjectStore("pictures", { keyPath: "id" });
  },
});

async function key() {
  const db = await opened;
  const known = await db.get("keys", "outbox");
  if (known) return known;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const write = db.transaction("keys", "readwrite");
  const first = await write.store.get("outbox"); // another tab may have made the key first
  if (!first) await write.store.put(made, "outbox");
  await write.done;
  return first ?? made;
}

async function sealBytes(id, plain) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bound = new TextEncoder().encode(id);
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound }, await key(), plain);
  return { id, iv, data };
}

async function openBytes({ id, iv, data }) {
  const bound = new TextEncoder().encode(id);
  return crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: bound }, await key(), data);
}

const seal = (id, value) => sealBytes(id, new TextEncoder().encode(JSON.stringify(value)));
const open = async (held) => JSON.parse(new TextDecoder().decode(await openBytes(held)));

// Reports the result of an entry to every tab at once: "outbox:sent", with the entry's command and
// receipt, or "outbox:refused".
const tabs = new BroadcastChannel("continuum-outbox");
const hear = ([what, detail]) => dispatchEvent(new CustomEvent(`outbox:${what}`, { detail }));
tabs.addEventListener("message", ({ data }) => hear(data));

function tell(...news) {
  tabs.postMessage(news);
  hear(news);
}

// Stores a photograph, encrypted as unsent entries are, and returns its id. Otherwise the worker
// would use the phone's own camera, and the picture would be in the phone's gallery.
async function keepPicture({ file, nobody }) {
  const id = crypto.randomUUID();
  await (await pictures).put("pictures", await sealBytes(id, await file.arrayBuffer()));
  return { id, nobody };
}

const dropPictures = async (papers = []) => {
  for (const one of papers) await (await pictures).delete("pictures", one.id);
};

// A NUL character is removed before the entry is stored, because no server accepts it.
async function keep(id, entry, by, papers) {
  const text = (value) => (typeof value === "string" ? value.replaceAll("\0", "") : value);
  const clean = Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, text(value)]));
  const sealed = await seal(id, clean);
  await (await opened).put("entries", { ...sealed, by, papers, made: Date.now() });
}

// Stores an entry. `taken` are photographs that are sent after the entry's text; an entry with an
// `item` has only photographs. If there is no room for the whole entry, nothing is stored.
export async function put(id, entry, by, taken = []) {
  const papers = [];
  try {
    for (const one of taken) papers.push(await keepPicture(one));
    await keep(id, entry, by, papers);
  } catch (full) {
    await dropPictures(papers);
    throw full;
  }
}

export async function waiting() {
  const all = await (await opened).getAll("entries");
  return all.sort((a, b) => a.made - b.made);
}

export async function forget(id) {
  const held = await (await opened).get("entries", id);
  await dropPictures(held?.papers);
  await (await opened).delete("entries", id);
}

// Gives a new id to an entry that was refused because its id was used for another text.
export async function sendAsNew(id) {
  const db = await opened;
  const held = await db.get("entries", id);
  if (!held) return;
  const fresh = crypto.randomUUID();
  await keep(fresh, { ...(await open(held)), command_id: fresh }, held.by, held.papers);
  await db.delete("entries", id);
}

export const read = open;

// --- unfinished entries -----------------------------------------------------------------------

export async function keepDraft(id, entry, by) {
  const sealed = await seal(id, entry);
  await (await opened).put("drafts", { ...sealed, by, made: Date.now() });
}

export async function dropDraft(id) {
  await (await opened).delete("drafts", id);
}

// The unfinished entries of one person, because several people may use a phone.
export async function drafts(who) {
  const all = await (await opened).getAll("drafts");
  return all.filter((one) => !one.by || one.by === who);
}

// --- what the server requests of this phone ------------------------------------------------------

// Returns a number of this phone, by which a lost phone is recognised even if nobody signs in on it
// any more.
async function number() {
  const db = await opened;
  const known = await db.get("keys", "number");
  if (known) return known;
  const made = crypto.randomUUID();
  await db.put("keys", made, "number");
  return made;
}

async function post(address, told) {
  const headers = { "content-type": "application/json", "accept": "application/json" };
  const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(told), ...within(10) });
  return answer.ok ? answer.json() : {};
}

const PAUSE = 5 * 60_000;

// Reports to the server how many entries wait; the answer has the server's orders. The order to
// wipe the phone is carried out before it is reported as done.
export async function contact() {
  const all = await waiting();
  const me = document.body.dataset.who ?? "";
  const [who, before] = JSON.parse(localStorage.getItem("contact") ?? "[null, 0]");
  if (!all.length && who === me && Date.now() - before < PAUSE) return null;
  const id = await number();
  const oldest = all.length ? new Date(all[0].made).toISOString() : null;
  const { wish } = await post("/outbox/contact", { id, waiting: all.length, oldest }).catch(() => ({}));
  localStorage.setItem("contact", JSON.stringify([me, Date.now()]));
  if (wish !== "wipe") return wish ?? null;
  const db = await opened;
  const lost = Number(localStorage.getItem("lost") ?? 0) + all.length; // the number of lost entries is reported once, however often the report is tried
  localStorage.setItem("lost", String(lost));
  for (const store of ["entries", "drafts"]) await db.clear(store);
  await (await pictures).clear("pictures");
  await db.delete("keys", "outbox");
  localStorage.removeItem("who");
  const { done } = await post("/outbox/wiped", { id, lost }).catch(() => ({}));
  if (done) localStorage.removeItem("lost");
  return wish;
}

// --- sending --------------------------------------------------------------------------------

// If the connection is half-dead, no answer arrives; so a request without an answer in time is sent
// again.
const within = (seconds) => ({ signal: AbortSignal.timeout(seconds * 1000) });
const JSON_ONLY = { accept: "application/json" };

// Returns the user who is signed in at the server, or the reason why nothing can be sent.
async function session() {
  const answer = await fetch("/session", { headers: JSON_ONLY, ...within(10) }).catch(() => null);
  if (answer?.status === 401) return { why: "signed-out" };
  return answer?.ok ? answer.json().catch(() => ({ why: "offline" })) : { why: "offline" };
}

// Returns the reason why the server will never accept this entry; null if a later attempt may
// succeed.
async function refusal(answer) {
  const problem = await answer.json().catch(() => ({}));
  const never = [409, 413, 422].includes(answer.status) || ["urn:continuum:denied", "urn:continuum:not-there"].includes(problem.type);
  return never ? problem.detail ?? "it was refused" : null;
}

// Sends the text of an entry, unless it is recorded already. Returns the server's answer, or null.
async function words(entry, headers) {
  if (entry.item) return { told: { id: entry.item, url: `/receipt/${entry.item}` } };
  const asked = { method: "POST", headers: { ...headers, "content-type": "application/json" } };
  const body = JSON.stringify(entry);
  const answer = await fetch("/record", { ...asked, body, ...within(60) }).catch(() => null);
  return { answer, told: answer?.ok ? await answer.json().catch(() => null) : null };
}

// Sends each photograph of an entry after its text, under an id of its own. Returns the first
// answer that is a refusal.
async function papers(held, item, headers) {
  for (const one of held.papers ?? []) {
    const kept = await (await pictures).get("pictures", one.id);
    if (!kept) continue; // the photograph was sent already, but an interruption prevented its removal
    const body = new FormData();
    for (const [name, value] of Object.entries({ item, command_id: one.id, paper: "true" })) body.set(name, value);
    if (one.nobody) body.set("shows_nobody", "true");
    body.set("file", new Blob([await openBytes(kept)]), "paper");
    const answer = await fetch("/photographs", { method: "POST", headers, body, ...within(600) }).catch(() => null);
    if (!answer?.ok) return { answer };
    await (await pictures).delete("pictures", one.id);
  }
  return null;
}

async function send(always) {
  const all = (await waiting()).filter((one) => !one.refused);
  if (!all.length && !always) return {};
  const { name, csrf, why: shut } = await session();
  if (shut) return { why: shut };
  let why;
  for (const held of all) {
    if (held.by && held.by !== name) {
      why = "somebody-else";
      continue;
    }
    const headers = { "x-csrf-token": csrf, ...JSON_ONLY };
    const { answer: first, told } = await words(await open(held), headers);
    const left = told && (await papers(held, told.id, headers));
    const answer = left ? left.answer : first;
    if (answer?.status === 401) return { why: "signed-out" };
    const refused = answer && !answer.ok ? await refusal(answer) : null;
    if (refused) {
      await (await opened).put("entries", { ...held, refused, receipt: told ?? undefined });
      tell("refused", { command: held.id });
    } else if (told && !left) {
      await forget(held.id);
      tell("sent", { command: held.id, ...told });
    } else return { why: "offline" };
  }
  return { why };
}

// Sends the entries of the outbox; only one tab does this at a time, and other tabs then see an
// empty outbox. If entries still wait, it resolves to the reason: "offline", "signed-out" or
// "somebody-else". With `always`, the server is asked even if no entry waits.
export function flush(always = false) {
  if (!navigator.locks) return send(always);
  return navigator.locks.request("continuum-outbox", () => send(always));
}
