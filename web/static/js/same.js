// Pairs by single keys: j and k go on and back; 1, 2 or 3 chooses, then the reason is typed and Enter
// sends it. Keys never act while somebody types, and can be switched off where the queue is.
const pairs = [...document.querySelectorAll("#pairs .c-item")];
const on = () => localStorage.getItem("keys") !== "off";
const typing = ({ target }) => Boolean(target.closest("textarea, select, input:not([type=radio])"));
let at = 0;

function step(to) {
  at = Math.min(Math.max(to, 0), pairs.length - 1);
  pairs.forEach((one, number) => one.classList.toggle("c-item--here", number === at));
  pairs[at]?.focus();
  pairs[at]?.scrollIntoView({ block: "nearest" });
}

document.getElementById("pairs")?.addEventListener("focusin", (event) => {
  at = Math.max(pairs.indexOf(event.target.closest(".c-item")), 0);
});

document.addEventListener("keydown", (event) => {
  if (!on() || !pairs.length || typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  const { key } = event;
  const choice = pairs[at].querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (key === "j" || key === "k") step(at + (key === "j" ? 1 : -1));
  else if (choice) {
    step(at);
    choice.checked = true;
    pairs[at].querySelector("[name=reason]").focus();
  } else return;
  event.preventDefault();
});
if (pairs.length) document.getElementById("pairs").dataset.ready = "yes";
