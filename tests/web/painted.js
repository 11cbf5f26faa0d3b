// Marks the elements with text that is painted differently from all text judged before. Whether text can
// be read depends on its colours, its size, the colour of the text around it and the colours behind it;
// if all of these are the same for an element of the same kind and class within the same kind of parent,
// the element need not be judged again. Returns the keys of the marked elements; with `all`, marks all
// elements with text.
([known, all]) => {
  // Returns a key of some hundred letters as a number, because all keys are sent to each judged page.
  const short = (text) => {
    let sum = 7;
    for (let at = 0; at < text.length; at += 1) sum = (31 * sum + text.charCodeAt(at)) | 0;
    return `${text.length} ${sum}`;
  };
  const seen = new Set(known);
  const told = new Map();
  const clear = ["rgba(0, 0, 0, 0)", "transparent"];
  // Returns what is painted behind an element, from the element outwards; null if no part of it is shown.
  const behind = (one) => {
    if (!one) return "";
    if (told.has(one)) return told.get(one);
    const style = getComputedStyle(one);
    const above = behind(one.parentElement);
    const hidden = style.overflow !== "visible" && (one.offsetWidth <= 1 || one.offsetHeight <= 1);
    const own = [
      clear.includes(style.backgroundColor) ? "" : style.backgroundColor,
      style.backgroundImage === "none" ? "" : style.backgroundImage,
      style.opacity === "1" ? "" : style.opacity,
      style.filter === "none" ? "" : style.filter,
      ["static", "relative"].includes(style.position) ? "" : `${style.position} ${one.className}`,
    ].join(" ").trim();
    const found = above === null || hidden ? null : own ? `${own}<${above}` : above;
    told.set(one, found);
    return found;
  };
  const kind = (one) => `${one.tagName} ${one.getAttribute("class") ?? ""} ${one.type ?? ""}`;
  const written = (one) => one.matches("input, select, textarea")
    || [...one.childNodes].some((part) => part.nodeType === Node.TEXT_NODE && part.data.trim());
  return [...document.body.querySelectorAll("*")].flatMap((one) => {
    one.removeAttribute("data-painted");
    if (!written(one) || one.closest("[data-judged]") || !one.checkVisibility()) return [];
    const back = behind(one);
    if (back === null) return [];
    const { color, fontSize, fontWeight, textDecorationLine, textShadow } = getComputedStyle(one);
    const around = getComputedStyle(one.parentElement).color;
    const off = one.closest(":disabled, [aria-disabled=true]") ? "off" : "";
    const key = short([
      kind(one), kind(one.parentElement), around, color, fontSize, fontWeight, textDecorationLine,
      textShadow, off, back,
    ].join("|"));
    if (seen.has(key) && !all) return [];
    seen.add(key);
    one.setAttribute("data-painted", "");
    return [key];
  });
}
