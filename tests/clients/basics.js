// What a page owes to people who cannot see it, or hardly: returns what is missing, in words.
() => {
  const missing = [];
  const lack = (what, where) => missing.push(`${what}: ${where.outerHTML?.slice(0, 100) ?? where}`);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.matches(".heard");

  if (!document.documentElement.lang) lack("language", document.documentElement);
  if (!document.title.trim()) lack("title", document.head);
  if (all("h1").length !== 1) lack("one h1", document.body);
  if (all("main").length !== 1) lack("one main", document.body);
  if (document.documentElement.scrollWidth > innerWidth) lack(`room within ${innerWidth} px`, document.body);

  const ids = all("[id]").map((element) => element.id);
  ids.filter((id, at) => ids.indexOf(id) !== at).forEach((id) => lack("an id of its own", id));
  all("[aria-describedby], [aria-labelledby]").forEach((element) => {
    const named = `${element.getAttribute("aria-describedby") ?? ""} ${element.getAttribute("aria-labelledby") ?? ""}`;
    named.split(" ").filter(Boolean).filter((id) => !ids.includes(id)).forEach((id) => lack(`#${id}`, element));
  });
  all("img:not([alt])").forEach((image) => lack("alt", image));
  all("[tabindex]").filter((element) => element.tabIndex > 0).forEach((element) => lack("natural order", element));
  all("input:not([type=hidden])").forEach((input) => {
    if (!input.labels.length) lack("label", input);
    if (input.type !== "checkbox" && !input.autocomplete) lack("autocomplete", input);
  });
  all("button, a, summary").filter((element) => !element.textContent.trim()).forEach((element) => lack("name", element));

  let level = 0;
  all("h1, h2, h3, h4").filter((heading) => !heading.closest("[role=alert]")).forEach((heading) => {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) lack("heading between", heading);
    level = next;
  });

  all("button, summary, .button, input:not([type=hidden])").filter(isShown).forEach((element) => {
    const box = (element.closest("label") ?? element).getBoundingClientRect();
    if (box.height < 24 || box.width < 24) lack("room for a finger", element);
  });

  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = (colour) => {
    const [red, green, blue] = channels(colour).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (element) => {
    if (!element) return "rgb(255, 255, 255)";
    const colour = getComputedStyle(element).backgroundColor;
    return channels(colour)[3] === 0 ? ground(element.parentElement) : colour;
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  all("body *").filter((element) => isShown(element) && hasText(element)).forEach((element) => {
    const ratio = contrast(getComputedStyle(element).color, ground(element));
    if (ratio < 4.5) lack(`contrast (${ratio.toFixed(2)})`, element);
  });
  all("input:not([type=hidden]):not([type=checkbox])").filter(isShown).forEach((input) => {
    const ratio = contrast(getComputedStyle(input).borderTopColor, ground(input.parentElement));
    if (ratio < 3) lack(`contrast of the border (${ratio.toFixed(2)})`, input);
  });
  return missing;
}
