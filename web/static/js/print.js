// The print button is shown only if this script runs, because it needs the script.
const button = document.getElementById("print");
button.addEventListener("click", () => window.print());
