// The slider chooses one of the stops between the first and the last fact; letting go shows it.
const slider = document.getElementById("slider");
if (slider) {
  const stops = slider.dataset.stops.split(" ");
  const until = document.getElementById("until");
  const chosen = document.getElementById("chosen");
  const shown = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "Europe/London" });
  if (until.value) {
    const later = stops.findIndex((stop) => stop >= until.value);
    slider.value = later < 0 ? stops.length - 1 : later;
  }
  const say = () => {
    const text = shown.format(new Date(stops[slider.value]));
    chosen.textContent = text;
    slider.setAttribute("aria-valuetext", text);
  };
  slider.addEventListener("input", () => {
    until.value = stops[slider.value];
    say();
  });
  slider.addEventListener("change", () => slider.form.requestSubmit());
  say();
}
