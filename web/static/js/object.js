// The page of an object. "Add…" opens the list of acts, typed words filter the list, and Enter
// opens its first act.
const dialog = document.getElementById("add");
const filter = document.getElementById("add-filter");
const none = document.getElementById("add-none");

if (dialog?.showModal) {
  const rows = [...dialog.querySelectorAll(".c-verbs li")];

  function apply() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const text = `${row.textContent} ${row.dataset.words ?? ""}`.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
    none.hidden = rows.some((row) => !row.hidden);
  }

  const links = () => rows.filter((row) => !row.hidden).map((row) => row.querySelector("a"));

  function open() {
    filter.value = "";
    apply();
    dialog.close();
    dialog.showModal();
    filter.focus();
  }

  for (const button of document.querySelectorAll("[data-opens='add']")) {
    button.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open();
    });
  }
  if (dialog.open) open();
  dialog.querySelector("[data-closes]").addEventListener("click", () => dialog.close());
  filter.addEventListener("input", apply);
  dialog.addEventListener("keydown", (event) => {
    const shown = links();
    const at = shown.indexOf(document.activeElement);
    if (event.key === "Enter" && event.target === filter) {
      event.preventDefault();
      shown[0]?.click();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const to = event.key === "ArrowDown" ? at + 1 : at - 1;
      (to < 0 ? filter : shown[Math.min(to, shown.length - 1)] ?? filter).focus();
    }
  });
}

// In an address from before the page had tabs, the section may be on another tab; this opens that
// tab.
const section = location.hash.slice(1);
if (section && !document.getElementById(section)) {
  const tab = [...document.querySelectorAll("[data-sections]")].find((one) => one.dataset.sections.split(" ").includes(section));
  if (tab) location.replace(`${tab.href}#${section}`);
}
