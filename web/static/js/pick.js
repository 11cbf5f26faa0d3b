// Fields in which a user names a person or thing. The typed text is searched for. If the user
// chooses a hit, the form sends the hit's id while the field shows its name; otherwise the form
// sends the typed text.
import { hits } from "/static/js/find.js";

const PAUSE = 250; // milliseconds between the last typed letter and the search
const MOST = 8;

for (const input of document.querySelectorAll("input[data-pick]")) pick(input);

function pick(input) {
  const name = input.name;
  const list = document.createElement("ul");
  list.className = "c-find__found c-pick";
  list.id = `${input.id}-found`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Found");
  list.hidden = true;
  input.autocomplete = "off";
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  input.after(list);
  let meant = null;
  let timer;
  let asked = 0;

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mean(row) {
    meant?.remove();
    meant = null;
    input.name = name;
    if (!row) return;
    meant = document.createElement("input");
    meant.type = "hidden";
    meant.name = name;
    meant.value = row.dataset.id;
    input.value = row.firstChild.textContent;
    input.removeAttribute("name");
    input.after(meant);
    close();
  }

  async function ask() {
    const mine = ++asked;
    const found = (await hits(input.value)).filter((one) => input.dataset.pick === "any" || one.kind === input.dataset.pick).slice(0, MOST);
    if (mine !== asked || meant) return;
    list.replaceChildren(...found.map((one, at) => {
      const row = document.createElement("li");
      row.id = `${list.id}-${at}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      row.dataset.id = one.href.split("/").at(-1);
      const label = document.createElement("bdi");
      label.textContent = one.label;
      const side = document.createElement("span");
      side.textContent = one.side;
      row.append(label, side);
      return row;
    }));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  input.addEventListener("input", () => {
    mean(null);
    clearTimeout(timer);
    if (input.value.trim().length > 1) timer = setTimeout(ask, PAUSE);
    else close();
  });
  list.addEventListener("pointerdown", (event) => { event.preventDefault(); mean(event.target.closest("li")); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const rows = [...list.children];
    const at = rows.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const to = rows.at((at + (event.key === "ArrowDown" ? 1 : -1) + rows.length) % rows.length);
      for (const one of rows) one.setAttribute("aria-selected", String(one === to));
      input.setAttribute("aria-activedescendant", to.id);
      to.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && at >= 0) mean(rows[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
}
