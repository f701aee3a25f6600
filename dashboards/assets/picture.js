// A chart as a picture that stands alone: with its name, legend, axis label, drawing and finding.

import { css, element } from "./page.js";
import { legendOf, swatch } from "./marks.js";
import { saidOf } from "./predicted.js";
import { options } from "./drawing.js";

const WIDTH = 1000;
const DRAWING = 560;
const MARGIN = 16;
const SHARPNESS = 2;
const NEVER = "Simulated by Alliance: it tells about groups and never advises on a real client or therapist.";

// The lines that a sentence takes.
function wrapped(pen, text, room) {
  const found = [""];
  for (const word of text.split(" ")) {
    const longer = found[found.length - 1] ? `${found[found.length - 1]} ${word}` : word;
    if (found[found.length - 1] && pen.measureText(longer).width > room) found.push(word);
    else found[found.length - 1] = longer;
  }
  return found;
}

function drawn(svg) {
  const copy = svg.cloneNode(true);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("height", copy.getAttribute("viewBox").split(" ")[3]);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(copy.outerHTML)}`;
  return image.decode().then(() => image);
}

export async function picture(library, figure, [above, below], style) {
  const box = element("div", { style: `position: absolute; left: -9999px; width: ${WIDTH}px; height: ${DRAWING}px` });
  document.body.append(box);
  const alone = library.init(box, null, { renderer: "canvas" });
  alone.setOption(options(figure, style, true, { width: WIDTH, height: DRAWING }));
  const drawing = alone.getRenderedCanvas({ pixelRatio: SHARPNESS, backgroundColor: css("--card") });

  const sheet = element("canvas");
  const pen = sheet.getContext("2d");
  const font = (size, weight = "") => { pen.font = `${weight} ${size}px ${style.family}`.trim(); };
  const entries = await Promise.all(legendOf(figure).map(async (entry) => (
    { name: entry.name, image: await drawn(swatch(figure, entry, style)) })));

  // Everything is first placed, then drawn: how tall the sheet is depends on how much is written on it.
  const steps = [];
  const line = style.size * 1.5;
  let y = MARGIN;
  const write = (text, size, colour, weight) => {
    font(size, weight);
    for (const words of wrapped(pen, text, WIDTH - 2 * MARGIN)) {
      y += size * 1.35;
      const at = y;
      steps.push(() => {
        font(size, weight);
        pen.fillStyle = colour;
        pen.fillText(words, MARGIN, at);
      });
    }
  };
  write(figure.title, style.size * 1.4, style.ink, "bold");
  font(style.size);
  let x = MARGIN;
  if (entries.length) y += line * 1.2;
  for (const { name, image } of entries) {
    const wide = image.width + 6 + pen.measureText(name).width;
    if (x > MARGIN && x + wide > WIDTH - MARGIN) {
      x = MARGIN;
      y += line;
    }
    const at = [x, y];
    steps.push(() => {
      pen.drawImage(image, at[0], at[1] - 10, image.width, image.height);
      font(style.size);
      pen.fillStyle = style.ink;
      pen.fillText(name, at[0] + image.width + 6, at[1]);
    });
    x += wide + 18;
  }
  y += 4;
  if (above) write(above, style.size, style.soft);
  y += 8;
  const top = y;
  steps.push(() => pen.drawImage(drawing, 0, top, WIDTH, DRAWING));
  y += DRAWING;
  if (below) write(below, style.size, style.soft);
  write(figure.summary + saidOf(figure), style.size, style.soft);
  write(NEVER, style.size, style.soft);
  sheet.width = WIDTH * SHARPNESS;
  sheet.height = Math.ceil(y + MARGIN) * SHARPNESS;
  pen.scale(SHARPNESS, SHARPNESS);
  pen.fillStyle = css("--card");
  pen.fillRect(0, 0, WIDTH, y + MARGIN);
  for (const step of steps) step();
  alone.dispose();
  box.remove();
  return sheet.toDataURL("image/png");
}
