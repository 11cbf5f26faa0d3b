// Uses a passkey: the server sends a challenge, the device answers, and the server decides. The
// page also works without a passkey.
const place = document.getElementById("passkey");
const said = place.querySelector("[role=status]");

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function asked(options) {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of [options.allowCredentials, options.excludeCredentials]) for (const one of list ?? []) one.id = bytes(one.id);
  return { publicKey: options };
}

function answered(found) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (found.response[name]) response[name] = text(found.response[name]);
  }
  return JSON.stringify({ id: found.id, rawId: text(found.rawId), type: found.type, response });
}

async function post(address, body) {
  const headers = { "content-type": "application/json", "accept": "application/json", "x-csrf-token": place.dataset.csrf ?? "" };
  const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.detail);
  return told;
}

async function go() {
  said.textContent = "Waiting for the device.";
  try {
    const { handle, options } = await post(place.dataset.ask, {});
    const asks = asked(JSON.parse(options));
    const found = place.dataset.make ? await navigator.credentials.create(asks) : await navigator.credentials.get(asks);
    const name = document.getElementById("passkey-name")?.value ?? "";
    const told = await post(place.dataset.send, { handle, answer: answered(found), name });
    const form = document.getElementById(place.dataset.form);
    if (form) form.elements.csrf.value = told.csrf; // the session has a new token
    if (form) form.submit();
    else location.assign(place.dataset.to);
  } catch (error) {
    said.textContent = error.name === "NotAllowedError" ? "The device did not answer." : error.message;
  }
}

if (window.PublicKeyCredential) {
  place.classList.remove("c-unready"); // the button's place was reserved, so that nothing moves while the user taps
  place.querySelector("button").addEventListener("click", go);
} else {
  place.hidden = true;
}
