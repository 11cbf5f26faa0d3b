// The button stands only where a script can serve it.
const button = document.getElementById("print");
button.addEventListener("click", () => window.print());
