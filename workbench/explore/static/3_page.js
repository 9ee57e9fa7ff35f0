// The right half of the explorer: verdict, odds, charts, the same figures as tables, downloads.
function html(name, properties = {}, ...children) {
  const made = document.createElement(name);
  Object.assign(made, properties);
  made.append(...children);
  return made;
}

function written(value, decimals) {
  if (typeof value !== "number") return value;
  return value.toFixed(decimals).replace(/^-(0\.?0*)$/, "$1").replace("-", "\u2212");
}

function table({ caption, columns, decimals, rows }) {
  const head = html("tr", {}, ...columns.map((words) => html("th", { scope: "col", textContent: words })));
  const body = rows.map((row) => html("tr", {}, ...row.map((value, at) => at
    ? html("td", { textContent: written(value, decimals[at]) })
    : html("th", { scope: "row", textContent: written(value, decimals[0]) }))));
  return html("table", {}, html("caption", { textContent: caption }),
    html("thead", {}, head), html("tbody", {}, ...body));
}

function csv({ columns, decimals, rows }) {
  const cell = (value, at) => {
    const words = typeof value === "number" ? value.toFixed(decimals[at]).replace(/^-(0\.?0*)$/, "$1") : value;
    return /[",\r\n]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words;
  };
  const lines = [columns, ...rows].map((row) => row.map(cell).join(","));
  return `\ufeff${lines.join("\r\n")}\r\n`;
}

function save(name, words, kind) {
  const link = html("a", { href: URL.createObjectURL(new Blob([words], { type: kind })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// A part whose words change is replaced only then, so that a screen reader says it once.
function set(part, words) {
  if (part.textContent !== words) part.textContent = words;
}

function figurePlace() {
  const title = html("h3");
  const subtitle = html("p", { className: "subtitle" });
  const chart = html("div", { className: "chart" });
  const place = html("figure", {}, html("figcaption", {}, title, subtitle), chart);
  return { place, title, subtitle, chart };
}

function scaffold() {
  const parts = {
    notice: html("div", { className: "notice" }),
    verdict: html("h2", { className: "verdict" }),
    odds: html("p", { className: "odds" }),
    pinned: html("p", { className: "pinned-said" }),
    rests: html("p", { className: "rests-on" }),
    further: html("ul", { className: "further" }),
    figures: html("div", { className: "figures" }),
    tables: html("div", { className: "tables" }),
    downloads: html("div", { className: "downloads" }),
  };
  parts.notice.setAttribute("role", "status");
  parts.odds.setAttribute("role", "status");
  parts.tables.tabIndex = 0;
  parts.tables.setAttribute("role", "group");
  parts.tables.setAttribute("aria-label", "Figures as tables");
  parts.toggle = html("details", {}, html("summary", { textContent: "Show these figures as tables" }), parts.tables);
  parts.about = html("div", { className: "about" }, parts.rests, parts.further, parts.downloads);
  parts.figures.append(parts.about);
  parts.answer = html("div", { className: "answer" }, parts.verdict, parts.odds);
  parts.root = html("div", { className: "workbench-picture" }, parts.notice, parts.answer, parts.pinned,
    parts.figures, parts.toggle);
  return parts;
}

function paint(parts, picture, places) {
  set(parts.verdict, picture.verdict);
  set(parts.odds, picture.odds);
  set(parts.pinned, picture.pinned);
  set(parts.rests, picture.rests_on);
  parts.root.classList.toggle("refining", !picture.final);
  parts.further.replaceChildren(...picture.further.map((words) => html("li", { textContent: words })));
  while (places.length < picture.figures.length) {
    places.push(figurePlace());
    parts.about.before(places.at(-1).place);
  }
  picture.figures.forEach((figure, at) => {
    const { title, subtitle, chart } = places[at];
    set(title, figure.headline);
    set(subtitle, figure.subtitle);
    const width = Math.max(260, Math.floor(chart.clientWidth || 400));
    chart.replaceChildren((figure.kind === "fan" ? drawFan : drawCurve)(figure, width));
  });
  if (parts.toggle.open) tabulate(parts, picture);
}

function tabulate(parts, picture) {
  parts.tables.replaceChildren(...picture.figures.map((figure) => table(figure.table)));
}

function offer(parts, model) {
  const current = () => model.get("picture");
  const buttons = [0, 1, 2].map((at) => {
    const button = html("button", { type: "button" });
    button.addEventListener("click", () => {
      const { file, figures } = current();
      save(`${file}_${figures[at].key}.csv`, csv(figures[at].table), "text/csv");
    });
    return button;
  });
  const name = () => buttons.forEach((button, at) => {
    const figure = current().figures?.[at];
    set(button, figure ? figure.download : "");
  });
  parts.downloads.append(...buttons);
  return name;
}

// What the kernel hands over: a file to keep, or a finished report to open; or it asks for a name.
function receive(parts, message) {
  if (message.kind === "name") {
    parts.root.closest(".workbench-explorer")?.querySelector(".workbench-name input")?.focus();
  }
  if (message.kind === "file") save(message.name, message.text, "application/yaml");
  if (message.kind !== "report") return;
  const page = URL.createObjectURL(new Blob([message.text], { type: "text/html" }));
  const open = html("a", { href: page, target: "_blank", rel: "noopener", textContent: "Open the report" });
  const keep = html("a", { href: page, download: message.name, textContent: "Download the report" });
  parts.report?.remove();
  parts.report = html("p", { className: "report" }, open, " ", keep);
  parts.notice.after(parts.report);
}

function render({ model, el }) {
  const parts = scaffold();
  const places = [];
  const nameDownloads = offer(parts, model);
  const write = addressWriter();
  const draw = () => {
    const picture = model.get("picture");
    if (!picture.figures) return;
    paint(parts, picture, places);
    nameDownloads();
    el.dataset.refined = String(picture.final);
    el.dataset.painted = String(picture.serial);
  };
  const changed = () => {
    draw();
    write(model.get("picture").query);
  };
  const notice = () => {
    const { text, kind } = model.get("notice");
    parts.notice.className = `notice ${kind ?? ""}`;
    set(parts.notice, text ?? "");
  };
  el.append(parts.root);
  draw();
  notice();
  parts.toggle.addEventListener("toggle", () => tabulate(parts, model.get("picture")));
  model.on("change:picture", changed);
  model.on("change:notice", notice);
  model.on("msg:custom", (message) => receive(parts, message));
  let width = 0;
  const sized = new ResizeObserver(() => {
    // So much of the window the answer covers: a control that is reached is scrolled below it.
    el.closest(".workbench-explorer")?.style.setProperty("--answer", `${parts.answer.offsetHeight}px`);
    const now = places[0]?.chart.clientWidth;
    if (now !== width) draw();
    width = now;
  });
  sized.observe(parts.figures);
  sized.observe(parts.answer);
  const stopNaming = keepNaming(el, () => model.get("units"));
  model.send({ kind: "opened" });
  const wanted = asked();
  if (Object.keys(wanted).length) {
    model.set("asked", wanted);
    model.save_changes();
  }
  return () => {
    sized.disconnect();
    stopNaming();
  };
}

export default { render };
