// Charts as SVG. Every text is set as text, never as markup, and nothing is fetched.
const SVG = "http://www.w3.org/2000/svg";
const LETTER = 6.7; // pixels, about, of a letter of a label
const LINE_HEIGHT = 15;

function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

function label(x, y, words, kind = "", anchor = "start") {
  return svg("text", { x, y, class: kind, "text-anchor": anchor }, document.createTextNode(words));
}

function path(points, kind, closed = false) {
  const d = points.map(([x, y], at) => `${at ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
  return svg("path", { d: closed ? `${d}Z` : d, class: kind });
}

// A label that wraps to a width, its lines one below the other.
function wrapped(x, y, words, room, kind) {
  const most = Math.max(8, Math.floor(room / LETTER));
  const lines = [""];
  for (const word of words.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length > most && lines.at(-1)) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.map((line, at) => label(x, y + at * LINE_HEIGHT, line, kind));
}

function tickWords(value) {
  return String(Number(value.toFixed(6))).replace("-", "\u2212");
}

// The frame both charts share: scales, gridlines with their values, and the room left for labels.
function frame(figure, width, height, right, bottom) {
  const [low, high] = figure.axis;
  const widest = Math.max(...figure.ticks.map((tick) => tickWords(tick).length));
  const box = { left: 15 + widest * LETTER, right: width - right, top: 10, bottom: height - bottom };
  const y = (value) => box.bottom - ((value - low) / (high - low)) * (box.bottom - box.top);
  const root = svg("svg", {
    viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": figure.alt,
  });
  for (const tick of figure.ticks) {
    const kind = tick === 0 ? "grid zero" : "grid";
    root.append(
      svg("line", { x1: box.left, x2: box.right, y1: y(tick), y2: y(tick), class: kind }),
      label(box.left - 6, y(tick) + 4, tickWords(tick), "tick", "end"),
    );
  }
  return { root, box, y };
}

// Chances by number of schools: a mark for each, with the range that more futures would narrow.
function drawCurve(figure, width) {
  const height = 250;
  const { root, box, y } = frame(figure, width, height, 14, 44);
  const steps = Math.max(1, figure.most);
  const x = (n) => box.left + 14 + (n / steps) * (box.right - box.left - 28);
  hatch(root, figure, x, box);
  root.append(svg("rect", {
    x: x(figure.selected) - 11, width: 22, y: box.top, height: box.bottom - box.top, class: "chosen",
  }));
  if (figure.pinned.length) {
    root.append(path(figure.pinned.map((value, n) => [x(n), y(value)]), "pinned"));
  }
  root.append(path(figure.rows.map(([value], n) => [x(n), y(value)]), "middle"));
  figure.rows.forEach(([value, low, high], n) => {
    root.append(svg("line", { x1: x(n), x2: x(n), y1: y(low), y2: y(high), class: "range" }));
    const kind = `mark ${figure.within[n] ? "within" : "beyond"}`;
    root.append(svg("circle", { cx: x(n), cy: y(value), r: 4.5, class: kind }));
  });
  const every = Math.ceil((steps + 1) / Math.max(2, Math.floor((box.right - box.left) / 26)));
  for (let n = 0; n <= steps; n += every) {
    const kind = n === figure.selected ? "tick now" : "tick";
    root.append(label(x(n), box.bottom + 17, String(n), kind, "middle"));
  }
  root.append(label((box.left + box.right) / 2, height - 8, figure.across, "tick", "middle"));
  limitLine(root, figure, box, y);
  if (figure.first_beyond) root.append(...firstBeyond(figure, x, box, y));
  return root;
}

// Numbers of schools that cannot join in time: there is nothing to draw of them.
function hatch(root, figure, x, box) {
  const last = figure.rows.length - 1;
  if (last >= figure.most) return;
  const id = `late-${figure.key}`;
  const lines = { id, width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
  const from = x(last + 0.5);
  root.append(
    svg("pattern", lines, svg("line", { x1: 0, x2: 0, y1: 0, y2: 7, class: "late-line" })),
    svg("rect", {
      x: from, width: box.right - from, y: box.top, height: box.bottom - box.top, class: "late", fill: `url(#${id})`,
    }),
  );
}

// The fan: bands of futures term by term, named beside it.
function drawFan(figure, width) {
  const height = 250;
  const room = Math.min(126, width * 0.3);
  const { root, box, y } = frame(figure, width, height, room, 44);
  const last = figure.terms.length - 1;
  const x = (t) => box.left + (t / Math.max(1, last)) * (box.right - box.left);
  const band = (low, high, kind) => path([
    ...high.map((value, t) => [x(t), y(value)]),
    ...low.map((value, t) => [x(t), y(value)]).reverse(),
  ], kind, true);
  const [p05, p25, p50, p75, p95] = figure.rows;
  root.append(band(p05, p95, "pale"), band(p25, p75, "deep"));
  if (figure.pinned.length) {
    const [low, , middle, , high] = figure.pinned;
    for (const [values, kind] of [[low, "pinned edge"], [high, "pinned edge"], [middle, "pinned"]]) {
      root.append(path(values.map((value, t) => [x(t), y(value)]), kind));
    }
  }
  root.append(path(p50.map((value, t) => [x(t), y(value)]), "middle"));
  const names = [
    [p95[last], "9 in 10 end in the pale band", "side"],
    [p75[last], "half in the dark", "side"],
    [p50[last], "middle future", "side now"],
  ];
  if (figure.line) {
    root.append(svg("line", {
      x1: box.left, x2: box.right, y1: y(figure.line.value), y2: y(figure.line.value), class: "limit",
    }));
    names.push([figure.line.value, figure.line.label, "side limit-name"]);
  }
  beside(root, names, box, y, room);
  const named = box.right - box.left < 190 ? [0, last] : [0, Math.round(last / 2), last];
  for (const t of named) {
    const anchor = t === 0 ? "start" : "middle";
    const [year, season] = figure.terms[t].split(" ");
    root.append(label(x(t), box.bottom + 17, year, "tick", anchor));
    root.append(label(x(t), box.bottom + 32, season ?? "", "tick", anchor));
  }
  return root;
}

// Names beside a chart, from the top down, each clear of the one above.
function beside(root, names, box, y, room) {
  const blocks = names
    .map(([value, words, kind]) => {
      const lines = wrapped(box.right + 6, 0, words, room - 8, kind);
      return { lines, height: lines.length * LINE_HEIGHT + 3, wish: y(value) };
    })
    .sort((one, other) => one.wish - other.wish);
  let free = 0;
  const total = blocks.reduce((sum, block) => sum + block.height, 0);
  let left = total;
  for (const block of blocks) {
    const latest = box.bottom + 12 - left;
    const top = Math.min(Math.max(free, block.wish - block.height / 2), Math.max(free, latest));
    block.lines.forEach((line, at) => line.setAttribute("y", top + 12 + at * LINE_HEIGHT));
    root.append(...block.lines);
    free = top + block.height;
    left -= block.height;
  }
}

// The limit that goes first, named at the first number that is too many: under the rising curve
// where there is room for it, else above.
function firstBeyond(figure, x, box, y) {
  const { at, label: words } = figure.first_beyond;
  const [value, , high] = figure.rows[at];
  const wide = words.length * LETTER;
  const fits = x(at) + 10 + wide < box.right;
  const foot = box.bottom - 6;
  const leader = svg("line", { x1: x(at), x2: x(at), y1: fits ? y(value) + 6 : y(high), y2: fits ? foot : y(high) - 6, class: "leader" });
  const name = fits ? label(x(at) + 6, foot, words, "binding")
    : label(Math.max(Math.min(x(at) + 10, box.right), box.left + wide), Math.max(y(high) - 10, box.top + 12), words, "binding", "end");
  return [leader, halo(name)];
}

// The line to keep to, named at its right end on the side where the curve is not.
function limitLine(root, figure, box, y) {
  if (!figure.line) return;
  const at = y(figure.line.value);
  root.append(svg("line", { x1: box.left, x2: box.right, y1: at, y2: at, class: "limit" }));
  const above = figure.rows.at(-1)[0] < figure.line.value && at - 16 > box.top - 8;
  root.append(halo(label(box.right - 2, above ? at - 6 : at + 16, figure.line.label, "limit-name", "end")));
}

// White behind the letters, so that no line runs through them.
function halo(words) {
  words.classList.add("halo");
  return words;
}
