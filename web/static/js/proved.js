// Sends the original request again by itself after its sender has proved who they are. The
// browser's own function is used, because a field of the form may be called "submit".
HTMLFormElement.prototype.submit.call(document.getElementById("proved"));
