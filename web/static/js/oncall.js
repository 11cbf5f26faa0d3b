// Shows the person on call on every page; without a signal, the person who was on call at the last
// contact with the server.
const place = document.getElementById("oncall");

if (place?.dataset.at) {
  localStorage.setItem("oncall", JSON.stringify({ at: place.dataset.at, line: place.textContent }));
} else if (place) {
  const kept = JSON.parse(localStorage.getItem("oncall") ?? "null");
  if (kept) place.textContent = `${kept.line} As of ${kept.at}.`;
}
