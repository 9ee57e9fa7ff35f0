// The state in the address, read here because a kernel heated beforehand has seen no address.
const NOT_OURS = /^(token$|voila|_xsrf$|reset$|redirects$)/;
const SETTLED = 300; // milliseconds without a change after which the address is written

// The explorer's own page says so of itself; Voila starts a shell of JupyterLab there too.
function inLab() {
  return !document.body.dataset.voila && Boolean(document.querySelector(".jp-LabShell, .jp-NotebookPanel"));
}

function asked() {
  const found = {};
  if (inLab()) return found;
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (!NOT_OURS.test(name)) found[name] = value;
  }
  return found;
}

// What is not ours stays in the address; a misspelt part that was refused goes.
function writeAddress(query) {
  const kept = new URLSearchParams(location.search);
  for (const name of [...kept.keys()]) if (!NOT_OURS.test(name)) kept.delete(name);
  for (const [name, value] of Object.entries(query)) kept.set(name, value);
  const written = `${location.pathname}?${kept}${location.hash}`;
  if (written !== location.pathname + location.search + location.hash) {
    history.replaceState(history.state, "", written);
  }
}

function addressWriter() {
  let timer = 0;
  return (query) => {
    if (inLab()) return;
    clearTimeout(timer);
    timer = setTimeout(() => writeAddress(query), SETTLED);
  };
}

// Sliders of ipywidgets have no name that a screen reader could say: give them one, and keep what
// they say of their value in the words on the screen.
function nameSliders(within, units) {
  for (const [name, unit] of Object.entries(units)) {
    const slider = within.querySelector(`.workbench-control-${name}`);
    const handle = slider?.querySelector(".noUi-handle");
    const readout = slider?.querySelector(".widget-readout");
    if (!handle || !readout || handle.dataset.named) continue;
    handle.dataset.named = "yes";
    const words = slider.querySelector(".widget-label")?.textContent ?? name;
    handle.setAttribute("aria-label", words);
    readout.id = `workbench-${name}-value`;
    readout.setAttribute("role", "textbox");
    readout.setAttribute("aria-label", `${words}: type a value`);
    readout.setAttribute("inputmode", "decimal");
    readout.dataset.unit = unit;
    const say = () => {
      const spoken = `${readout.textContent.trim()} ${unit}`;
      if (handle.getAttribute("aria-valuetext") !== spoken) {
        handle.setAttribute("aria-valuetext", spoken);
      }
    };
    new MutationObserver(say).observe(readout, { childList: true, characterData: true, subtree: true });
    new MutationObserver(say).observe(handle, { attributes: true, attributeFilter: ["aria-valuetext"] });
    say();
  }
}

// The controls are drawn by other views, some of them later than this one.
function keepNaming(el, units) {
  let root = null;
  const seen = new MutationObserver(() => root && nameSliders(root, units()));
  const attach = () => {
    root = el.closest(".workbench-explorer");
    if (!root) return requestAnimationFrame(attach);
    seen.observe(root, { childList: true, subtree: true });
    nameSliders(root, units());
    return undefined;
  };
  attach();
  return () => seen.disconnect();
}
