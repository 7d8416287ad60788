// Ring arithmetic on a grid of whole hundredths of a degree. A ring is a list of [x, y], not closed; a shared boundary
// has exactly the same vertices on both sides, so every operation here is exact: no tolerance, no slivers.

const key = (p) => `${p[0]},${p[1]}`;

/** Makes a ring continuous: a step over the antimeridian goes on past 180 instead of jumping back. */
export function unwrap(ring) {
  const out = [ring[0].slice()];
  for (let i = 1; i < ring.length; i++) {
    let x = ring[i][0];
    const before = out[out.length - 1][0];
    while (x - before > 18000) x -= 36000;
    while (before - x > 18000) x += 36000;
    const p = [x, ring[i][1]];
    if (key(p) !== key(out[out.length - 1])) out.push(p);
  }
  if (out.length > 1 && key(out[0]) === key(out[out.length - 1])) out.pop();
  return out;
}

/** Shifts a ring by whole turns so that its middle lies between the cut meridian (169 W) and 191 E. */
export function home(ring, cut = -16900) {
  const xs = ring.map((p) => p[0]);
  const middle = (Math.min(...xs) + Math.max(...xs)) / 2;
  const turns = Math.floor((middle - cut) / 36000);
  return turns === 0 ? ring : ring.map(([x, y]) => [x - turns * 36000, y]);
}

/** A ring that winds round the south pole becomes a planar ring from the cut meridian eastwards, closed along 90 S. */
export function closeAtPole(ring, cut = -16900) {
  const east = ring[ring.length - 1][0] > ring[0][0];
  const path = east ? ring : ring.slice().reverse();
  const period = path.map(([x, y]) => [((((x - cut) % 36000) + 36000) % 36000) + cut, y]);
  let start = 0;
  for (let i = 1; i < period.length; i++) if (period[i][0] < period[start][0]) start = i;
  const turned = [...period.slice(start), ...period.slice(0, start)];
  const [a, b] = [turned[turned.length - 1], turned[0]];
  const y = Math.round(a[1] + ((b[1] - a[1]) * (cut + 36000 - a[0])) / (b[0] + 36000 - a[0]));
  return [[cut, -9000], [cut, y], ...turned.filter((p, i) => i === 0 || key(p) !== key(turned[i - 1])), [cut + 36000, y], [cut + 36000, -9000]];
}

function edges(rings) {
  const list = [];
  for (const ring of rings) ring.forEach((p, i) => list.push([p, ring[(i + 1) % ring.length]]));
  return list;
}

/** The polylines that two sets of rings have in common. */
export function shared(ringsA, ringsB) {
  const other = new Set(edges(ringsB).flatMap(([p, q]) => [`${key(p)}>${key(q)}`, `${key(q)}>${key(p)}`]));
  return chain(edges(ringsA).filter(([p, q]) => other.has(`${key(p)}>${key(q)}`)));
}

/** Joins directed edges end to end; loops come back open with their first point repeated. */
function chain(list) {
  const next = new Map();
  for (const e of list) next.set(key(e[0]), [...(next.get(key(e[0])) ?? []), e]);
  const incoming = new Map();
  for (const e of list) incoming.set(key(e[1]), (incoming.get(key(e[1])) ?? 0) + 1);
  const used = new Set();
  const out = [];
  const walk = (edge) => {
    const line = [edge[0]];
    for (let e = edge; e && !used.has(e); e = (next.get(key(e[1])) ?? []).find((n) => !used.has(n))) {
      used.add(e);
      line.push(e[1]);
    }
    out.push(line);
  };
  for (const e of list) if (!used.has(e) && !incoming.has(key(e[0]))) walk(e);
  for (const e of list) if (!used.has(e)) walk(e);
  return out;
}

/** Joins rings that touch along edges into one outline: what is walked in both directions disappears. */
export function dissolve(rings) {
  const present = new Set(edges(rings).map(([p, q]) => `${key(p)}>${key(q)}`));
  const kept = edges(rings).filter(([p, q]) => !present.has(`${key(q)}>${key(p)}`));
  return chain(kept).map((line) => line.slice(0, -1)).filter((ring) => ring.length >= 3);
}

export function contains(rings, [x, y]) {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
  }
  return inside;
}

/** Index of the vertex of the ring that is nearest to a point, and its distance in hundredths of a degree. */
export function nearest(ring, [x, y]) {
  let best = 0;
  const d = (p) => Math.hypot(p[0] - x, p[1] - y);
  ring.forEach((p, i) => { if (d(p) < d(ring[best])) best = i; });
  return [best, d(ring[best])];
}

/** Cuts one ring from vertex a to vertex b along a path inside it; gives the two parts. */
export function cutRing(ring, a, b, path) {
  const turned = [...ring.slice(a), ...ring.slice(0, a)];
  const end = (b - a + ring.length) % ring.length;
  const first = [...turned.slice(0, end + 1), ...path.slice().reverse()];
  const second = [turned[0], ...path, ...turned.slice(end)];
  return [first, second];
}

/** Visvalingam and Whyatt 1993: drops the point whose triangle is smallest until all are above the limit. */
export function simplify(line, limit) {
  const points = line.slice();
  const area = (a, b, c) => {
    if (b[1] === -9000 || b[0] === -16900 || b[0] === 19100) return Infinity; // corners of the closed pole
    const k = Math.cos((b[1] / 100) * (Math.PI / 180));
    return Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) * 0.5 * k * 1e-4;
  };
  const least = key(line[0]) === key(line[line.length - 1]) ? 5 : 2;
  while (points.length > least) {
    let best = -1;
    let smallest = limit;
    for (let i = 1; i < points.length - 1; i++) {
      const s = area(points[i - 1], points[i], points[i + 1]);
      if (s < smallest) [best, smallest] = [i, s];
    }
    if (best < 0) break;
    points.splice(best, 1);
  }
  return points;
}

/** Cuts rings and lines at every vertex where the company changes; equal pieces are stored once. */
export function topology(shapes, lines, limit) {
  const around = new Map();
  const note = (p, a, b) => {
    const pair = [a ? key(a) : '', b ? key(b) : ''].sort().join('|');
    const set = around.get(key(p)) ?? new Set();
    around.set(key(p), set.add(pair));
  };
  for (const rings of shapes.values()) {
    for (const ring of rings) ring.forEach((p, i) => note(p, ring[(i + ring.length - 1) % ring.length], ring[(i + 1) % ring.length]));
  }
  for (const { chains } of lines) for (const c of chains) c.forEach((p, i) => note(p, c[i - 1], c[i + 1]));
  const isJunction = (p) => around.get(key(p)).size > 1;
  const arcs = [];
  const index = new Map();
  const put = (piece) => {
    const forward = piece.map(key).join(' ');
    if (index.has(forward)) return index.get(forward);
    const id = arcs.length;
    arcs.push(simplify(piece, limit));
    index.set(forward, id);
    index.set(piece.slice().reverse().map(key).join(' '), ~id);
    return id;
  };
  const pieces = (line) => {
    const out = [];
    let from = 0;
    for (let i = 1; i < line.length; i++) {
      if (i === line.length - 1 || isJunction(line[i])) {
        out.push(put(line.slice(from, i + 1)));
        from = i;
      }
    }
    return out;
  };
  const polygons = new Map();
  for (const [code, rings] of shapes) {
    polygons.set(code, rings.map((ring) => {
      const start = Math.max(0, ring.findIndex(isJunction));
      const turned = [...ring.slice(start), ...ring.slice(0, start)];
      return pieces([...turned, turned[0]]);
    }));
  }
  return { arcs, polygons, lines: lines.map((l) => ({ ...l, arcs: l.chains.flatMap(pieces) })) };
}
