// The server says when something was recorded; what is on the screen asks anew. Only while the tab
// is looked at: a browser holds few connections to one server.
let source = null;

function listen() {
  if (document.hidden) {
    source?.close();
    source = null;
  } else if (!source) {
    source = new EventSource("/live");
    source.addEventListener("changed", () => document.body.dispatchEvent(new Event("continuum:changed")));
    source.addEventListener("ended", () => { source.close(); source = null; });
  }
}

document.addEventListener("visibilitychange", listen);
window.addEventListener("pagehide", () => source?.close());
listen();
