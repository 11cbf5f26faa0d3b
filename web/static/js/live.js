// The server sends a message when something is recorded, and the open page then loads its data
// again. It does so only while its tab is visible, because a browser opens few connections to one
// server. If the channel is cut, the page is told to check by itself ("unsure"), at longer and
// longer intervals, until the channel is open again.
const FIRST = 1_000;
const MOST = 15_000;
let source = null;
let pause = FIRST;
let again = 0;
let before = false; // true if the channel was open before, so that messages may have been missed since
const tell = (what) => document.body.dispatchEvent(new Event(`continuum:${what}`));

function stop() {
  clearTimeout(again);
  source?.close();
  source = null;
}

function listen() {
  stop();
  if (document.hidden) return;
  source = new EventSource("/live");
  source.addEventListener("open", () => {
    pause = FIRST;
    tell("live");
    if (before) tell("unsure");
    before = true;
  });
  source.addEventListener("changed", () => tell("changed"));
  source.addEventListener("ended", () => { stop(); tell("unsure"); });
  source.addEventListener("error", () => {
    stop();
    before = true;
    again = setTimeout(() => { tell("unsure"); listen(); }, pause);
    pause = Math.min(pause * 2, MOST);
  });
}

document.addEventListener("visibilitychange", listen);
addEventListener("online", listen);
addEventListener("pagehide", stop);
addEventListener("pageshow", ({ persisted }) => { if (persisted) listen(); });
listen();
