// The original request continues by itself once its sender has proved who they are. A field of the form
// may be called "submit", so the browser's own function is used.
HTMLFormElement.prototype.submit.call(document.getElementById("proved"));
