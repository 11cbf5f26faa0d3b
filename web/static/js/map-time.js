// The map's times: what was known by a day, what was true on one, and what was true between two.
const byId = (id) => document.getElementById(id);
// The day of a time in ISO 8601; what is written otherwise the server reads, and no slider follows it.
const dayOf = (text) => (/^\d{4}-\d\d-\d\d/.test(text) ? text.slice(0, 10) : "");
const stopsOf = (range) => (range.dataset.stops ? range.dataset.stops.split(" ") : []);

// One day: a slider and a field to type it.
function moment(id, changed) {
  const range = byId(id);
  const field = byId(`${id}-at`);
  const stops = stopsOf(range);
  const tell = () => range.setAttribute("aria-valuetext", field.value || range.dataset.end);
  const follow = () => {
    const day = dayOf(field.value);
    const later = day ? stops.findIndex((stop) => stop >= day) : -1;
    if (day || !field.value) range.value = later < 0 ? stops.length : later;
    tell();
  };
  range.addEventListener("input", () => {
    field.value = stops[range.value] ?? "";
    tell();
    changed();
  });
  follow();
  return follow;
}

// Two days: handles under a picture of when ties began. Played, the later one goes through the times.
function span(changed) {
  const [first, last, play] = [byId("span-first"), byId("span-last"), byId("play")];
  const [since, until] = [byId("since"), byId("until")];
  if (!first) return () => {};
  const [starts, ends] = [stopsOf(first), stopsOf(last)];
  const most = ends.length - 1;
  const tell = () => {
    first.setAttribute("aria-valuetext", since.value || "the first");
    last.setAttribute("aria-valuetext", until.value || "the last");
  };
  const follow = () => {
    const [from, to] = [dayOf(since.value), dayOf(until.value)];
    const began = starts.findLastIndex((day) => day <= from);
    const ended = ends.findIndex((day) => day >= to);
    first.value = from && began > 0 ? began : 0;
    last.value = to && ended >= 0 ? ended : most;
    tell();
  };
  const take = () => {
    since.value = Number(first.value) ? starts[first.value] : "";
    until.value = Number(last.value) < most ? ends[last.value] : "";
    tell();
    changed();
  };
  first.addEventListener("input", () => {
    first.value = Math.min(first.value, last.value);
    take();
  });
  last.addEventListener("input", () => {
    last.value = Math.max(first.value, last.value);
    take();
  });
  let playing = 0;
  const stop = () => {
    clearInterval(playing);
    playing = 0;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  };
  play.addEventListener("click", () => {
    if (playing) return stop();
    play.textContent = "Stop";
    play.setAttribute("aria-pressed", "true");
    if (Number(last.value) === most) last.value = first.value;
    take();
    playing = setInterval(() => {
      last.value = Number(last.value) + Math.max(1, Math.round(most / 24));
      take();
      if (Number(last.value) >= most) stop();
    }, 1200);
  });
  follow();
  return follow;
}

// What follows the fields, when something else filled them.
export function times(changed) {
  const all = [moment("known", changed), moment("world", changed), span(changed)];
  return () => all.forEach((follow) => follow());
}
