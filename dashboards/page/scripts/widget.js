// The dashboard's widgets without a server.

import panel from "../../assets/panel.js";

// What a widget of the dashboard is given there by anywidget.
export function mount(widget, el, state, heard) {
  const listeners = {};
  const model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; },
    on: (name, listener) => (listeners[name] ??= []).push(listener),
    save_changes() {
      const { event } = state;
      if (!event) return;
      state.event = null;
      heard(event);
    },
  };
  widget.render({ model, el });
  return (changes) => {
    Object.assign(state, changes);
    for (const name of Object.keys(changes)) for (const listener of listeners[`change:${name}`] ?? []) listener();
  };
}

// A panel of controls; its groups are one value, as the dashboard sends them.
export const mountPanel = (el, name, groups, values, heard) => (
  mount(panel, el, { name, groups: { groups }, values, seen: 0, event: null }, heard)
);
