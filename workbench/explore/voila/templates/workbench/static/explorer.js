// What the page does around the widgets: it hides its key, waits in words, and says when it is lost.
"use strict";
(() => {
  const LOOK_EVERY = 3000;
  const PATIENCE = 40000;

  // The cookie has taken over from the key, which is nothing to share or to leave in the history.
  const here = new URL(location.href);
  if (here.searchParams.has("token")) {
    here.searchParams.delete("token");
    history.replaceState(history.state, "", here);
  }

  // Voila asks for these two before it draws.
  window.cellLoaded = true;
  window.voila_finish = () => {};

  const ENDED = [
    "This page has lost its calculations",
    "It was left alone for long, or its process ended. What you chose is kept in the address.",
    "Start again",
  ];
  const AWAY = [
    "The explorer cannot be reached",
    "It may have been stopped where it was started. This page keeps trying.",
    "Try now",
  ];
  const BROKEN = [
    "The explorer could not be opened",
    "Its calculations could not be started. Where it was started it may say why.",
    "Try again",
  ];
  const ANEW = [
    "The explorer was started anew",
    "Open the address it printed where it was started; this page no longer has the key.",
    "",
  ];

  function element(name, words) {
    const made = document.createElement(name);
    made.textContent = words;
    return made;
  }

  function say(message) {
    const lost = document.getElementById("lost");
    const shown = message ? message[0] : "";
    if (lost.dataset.shown === shown) return;
    lost.dataset.shown = shown;
    lost.replaceChildren();
    for (const output of document.querySelectorAll(".output")) output.inert = Boolean(message);
    if (!message) return;
    const [title, words, action] = message;
    lost.append(element("h2", title), element("p", words));
    if (action) {
      const button = element("button", action);
      button.type = "button";
      button.addEventListener("click", () => location.reload());
      lost.append(button);
      button.focus();
    }
    lost.scrollIntoView({ block: "nearest" });
  }

  function watch(kernel) {
    let missed = 0;
    let timer = 0;
    async function look() {
      clearTimeout(timer);
      let again = true;
      if (!document.hidden) {
        try {
          const reply = await fetch(`/alive/${kernel}`, { cache: "no-store" });
          missed = 0;
          again = reply.ok;
          say(reply.ok ? null : reply.status === 403 ? ANEW : ENDED);
        } catch {
          missed += 1;
          if (missed > 1) say(AWAY);
        }
      }
      if (again) timer = setTimeout(look, LOOK_EVERY);
    }
    document.addEventListener("visibilitychange", look);
    look();
  }

  function wait(cells) {
    const waiting = document.getElementById("waiting");
    const slow = setTimeout(() => {
      waiting.replaceChildren(
        element("p", "This takes longer than usual. Load the page again if it stays empty."),
      );
    }, PATIENCE);
    const done = () => cells.querySelector(".jupyter-widgets, .failed");
    const seen = new MutationObserver(() => {
      if (!done()) return;
      seen.disconnect();
      clearTimeout(slow);
      waiting.replaceChildren();
    });
    seen.observe(cells, { childList: true, subtree: true });
    if (done()) waiting.replaceChildren();
  }

  // Voila starts JupyterLab's shell with nothing in it, by which widgets would take this page for
  // JupyterLab itself.
  function hideShell() {
    const seen = new MutationObserver(() => {
      const shell = document.querySelector(".jp-LabShell");
      if (!shell) return;
      seen.disconnect();
      shell.classList.remove("jp-LabShell");
    });
    seen.observe(document.body, { childList: true });
  }

  document.addEventListener("DOMContentLoaded", () => {
    hideShell();
    const cells = document.getElementById("explorer");
    wait(cells);
    const config = document.getElementById("jupyter-config-data");
    if (!config) {
      document.getElementById("waiting").replaceChildren();
      say(BROKEN);
      return;
    }
    const kernel = JSON.parse(config.textContent).kernelId;
    watch(kernel);
    addEventListener("pagehide", (left) => {
      if (!left.persisted) navigator.sendBeacon(`/leave/${kernel}`);
    });
  });
})();
