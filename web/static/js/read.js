// Confirms the mentions that the program read on the same page, without loading another page.
const read = document.getElementById("read-part");
read?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const pressed = event.submitter ?? form.querySelector("button");
  const to = pressed.getAttribute("formaction") ?? form.action;
  pressed.disabled = true;
  const told = new URLSearchParams(new FormData(form));
  if (pressed.name) told.set(pressed.name, pressed.value);
  const answer = await fetch(to, { method: "POST", body: told, headers: { "hx-request": "true" } }).catch(() => null);
  if (!answer?.ok) { // the page that the browser then loads says what is wrong
    form.action = to;
    pressed.disabled = false;
    return form.requestSubmit(pressed);
  }
  read.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
  (read.querySelector("button") ?? read.querySelector("h2")).focus();
});
