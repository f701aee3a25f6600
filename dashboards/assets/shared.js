// What is shown by scripts of the page in one file: the server sends them as one module, with the model in it.

// `version` is that of the scripts: another text has another address.
export const shared = (version) => (
  import(`${location.origin}${window.solara?.rootPath ?? ""}/static/page.js?v=${version}`).then((module) => module.shared)
);
