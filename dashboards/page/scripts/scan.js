// Reads codes from phones by the camera, where the browser can read QR codes (Chrome on Android, ChromeOS and macOS can).

import { button, element } from "../../assets/page.js";

const EVERY = 250;
const BY_HAND = "Type the codes instead.";

export const canScan = () => "BarcodeDetector" in globalThis && Boolean(globalThis.navigator?.mediaDevices?.getUserMedia);

// `take` is given each text that is seen, as often as it is.
export function scanner(take) {
  const picture = element("video", { muted: true, playsinline: true, hidden: true, "aria-label": "What the camera sees" });
  const said = element("p", { class: "soft", role: "status" });
  let stream = null;
  let ticking = 0;

  function stop() {
    clearInterval(ticking);
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    picture.hidden = true;
    toggle.textContent = "Scan codes";
  }

  async function start() {
    try {
      const reader = new BarcodeDetector({ formats: ["qr_code"] });
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      picture.srcObject = stream;
      picture.hidden = false;
      await picture.play();
      toggle.textContent = "Stop scanning";
      said.textContent = "Hold one phone after the other before the camera.";
      ticking = setInterval(async () => {
        if (!stream || picture.readyState < 2) return;
        try {
          for (const { rawValue } of await reader.detect(picture)) take(rawValue);
        } catch {
          // A frame that cannot be read.
        }
      }, EVERY);
    } catch (error) {
      stop();
      said.textContent = `The camera cannot be used here (${error.name}). ${BY_HAND}`;
    }
  }

  const toggle = button("Scan codes", () => (stream ? stop() : start()));
  return { element: element("div", { class: "scan" }, toggle, said, picture), stop };
}
