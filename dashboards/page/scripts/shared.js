// What the dashboard shows by scripts of the page in one file, with the model in it: the story, and a therapy among a hundred.

import { cloud, draw } from "./draws.js";
import { Alliance } from "./model.js";
import { story } from "./story.js";

// The figure of a therapy among others with the same choices, for so many pixels.
const hundred = (settings, stances, room) => cloud(draw(settings, stances), Alliance.replay(settings, stances), room);

export const shared = { story, hundred };
