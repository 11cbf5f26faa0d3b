// The server says when something was recorded; what is on the screen asks again. Only while the tab
// is looked at: a browser holds few connections to one server. Where the channel is cut, what is on
// the screen is told to ask ("unsure"), more and more seldom until the channel stands again.
const FIRST = 1_000;
const MOST = 15_000;
let source = null;
let pause = FIRST;
let again = 0;
let before = false; // whether the channel stood once: since then something may have been missed
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
