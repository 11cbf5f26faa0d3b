// The button is shown only if the script can serve it.
const button = document.getElementById("print");
button.addEventListener("click", () => window.print());
