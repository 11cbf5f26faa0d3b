// Pairs that may be one person are judged with single keys: 1, 2 or 3 chooses the judgement; then
// the user types the reason, and Enter sends it.
import { keysOn, list, taken } from "/static/js/list.js";

const box = document.getElementById("pairs");
const pairs = box && list(box, ".c-item", { open: () => {} });

document.addEventListener("keydown", (event) => {
  if (!keysOn() || taken(event)) return;
  const pair = pairs?.current() ?? pairs?.rows()[0];
  const choice = pair?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!choice) return;
  pairs.select(pair);
  choice.checked = true;
  pair.querySelector("[name=reason]").focus();
  event.preventDefault();
});
if (box) box.dataset.ready = "yes";
