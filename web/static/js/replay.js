// The slider chooses one of the stops between the first and the last fact; letting go shows it.
const slider = document.getElementById("slider");
if (slider) {
  const stops = slider.dataset.stops.split(" ");
  const until = document.getElementById("until");
  const chosen = document.getElementById("chosen");
  const shown = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "Europe/London" });
  const asked = slider.dataset.asked;
  if (asked) {
    const later = stops.findIndex((stop) => new Date(stop) >= new Date(asked));
    slider.value = later < 0 ? stops.length - 1 : later;
  }
  const say = (text) => {
    chosen.textContent = text;
    slider.setAttribute("aria-valuetext", text);
  };
  slider.addEventListener("input", () => {
    until.value = stops[slider.value];
    say(shown.format(new Date(until.value)));
  });
  slider.addEventListener("change", () => slider.form.requestSubmit());
  say(chosen.textContent);
}
