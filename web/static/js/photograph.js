// Takes a photograph of a paper log. Each time, a warning first says what may not be photographed;
// the camera opens after the user agrees. The photograph is passed to the page's script as a file,
// and is in no field of a form.
const dialog = document.getElementById("camera");
const file = document.getElementById("camera-file");
const nobody = document.getElementById("shows-nobody");
const ask = document.getElementById("camera-ask");
const wrong = document.getElementById("camera-wrong");
// Number of pixels of the longer side: more than are shown later, and few enough for a canvas of
// any browser.
const SIDE = 4000;

// Returns the photograph as a file that the store accepts. Some phones write HEIC or AVIF, which
// the store does not accept; a browser that can show such a file converts it to a JPEG here,
// without the camera's metadata. Throws if the browser cannot show it.
async function readable(one) {
  const first = new TextDecoder("latin1").decode(await one.slice(4, 8).arrayBuffer());
  if (first !== "ftyp") return one;
  const points = await createImageBitmap(one);
  const scale = Math.min(1, SIDE / Math.max(points.width, points.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(points.width * scale);
  canvas.height = Math.round(points.height * scale);
  canvas.getContext("2d").drawImage(points, 0, 0, canvas.width, canvas.height);
  points.close();
  const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
  if (!made) throw new Error("no JPEG was made");
  return new File([made], "log.jpg", { type: "image/jpeg" });
}

export function camera(took) {
  ask.addEventListener("click", () => {
    nobody.checked = false;
    wrong.hidden = true;
    dialog.showModal();
  });
  document.getElementById("camera-not").addEventListener("click", () => dialog.close());
  document.getElementById("camera-open").addEventListener("click", () => {
    dialog.close();
    file.click();
  });
  file.addEventListener("change", async () => {
    const [one] = file.files;
    file.value = "";
    if (!one) return;
    const told = nobody.checked;
    let made;
    try {
      made = await readable(one);
    } catch {
      wrong.hidden = false;
      return;
    }
    took({ file: made, nobody: told });
  });
  ask.classList.remove("c-unready");
}
