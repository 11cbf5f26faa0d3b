// Marks the letters that are painted as none were that have been judged: in such a window what
// decides whether they can be read is their colours, their size, the colour of the letters around
// them and what lies behind them, and an element of the same kind and class, below the same, with the
// same of all these, is the same again.
// Answers what tells them apart; `all` marks all letters.
([known, all]) => {
  // A key of some hundred letters, as a number: all keys are sent to each page that is judged.
  const short = (text) => {
    let sum = 7;
    for (let at = 0; at < text.length; at += 1) sum = (31 * sum + text.charCodeAt(at)) | 0;
    return `${text.length} ${sum}`;
  };
  const seen = new Set(known);
  const told = new Map();
  const clear = ["rgba(0, 0, 0, 0)", "transparent"];
  // What is painted behind an element, from itself outwards; null where nothing of it is shown.
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
