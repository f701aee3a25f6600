// Small things that the dashboard's widgets share.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.map((child) => (typeof child === "number" ? String(child) : child)));
  return made;
}

export function button(words, act, attributes = {}) {
  const made = element("button", { type: "button", ...attributes }, words);
  made.addEventListener("click", act);
  return made;
}

export const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export function download(name, link) {
  const anchor = element("a", { href: link, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  if (link.startsWith("blob:")) setTimeout(() => URL.revokeObjectURL(link), 10_000);
}

export const downloadText = (name, text, type) => download(name, URL.createObjectURL(new Blob([text], { type })));

// A cell of a CSV file. Text that a spreadsheet would take for a formula gets an apostrophe.
export function escapeCell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
