// Returns those of these elements whose text has too little contrast with the colour that is painted
// behind it (WCAG 2.2, 1.4.3).
(targets) => {
  const parts = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const over = ([r, g, b, a], [R, G, B]) => [
    r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a),
  ];
  const linear = (one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
  const light = (rgb) => {
    const [r, g, b] = rgb.map((one) => linear(one / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) {
      const layer = parts(getComputedStyle(one).backgroundColor);
      layers.push(layer);
      if (layer[3] === 1) break;
    }
    return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255]);
  };
  const large = ({ fontSize, fontWeight }) =>
    parseFloat(fontSize) >= 24 || (parseFloat(fontSize) >= 18.66 && fontWeight >= 700);
  return targets.flatMap((target) => {
    const element = document.querySelector(target);
    if (!element) return [`${target} is gone`];
    const style = getComputedStyle(element);
    const paper = behind(element);
    const both = [light(over(parts(style.color), paper)), light(paper)];
    const contrast = (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
    const enough = contrast >= (large(style) ? 3 : 4.5);
    return enough ? [] : [`${target}: ${contrast.toFixed(2)} to 1`];
  });
}
