// Builds packs/boundaries/un-practice/world.txt from the npm package world-atlas (Natural Earth, public domain).
// Run: npm ci && node build.mjs. Same input, same bytes: no clock, no random, sorted output.
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { additions, cuts, extraPoints, lines as lineList, merges, moves, tests, within } from './practice.mjs';
import { notes, world } from './notes.mjs';
import * as g from './geometry.mjs';

const here = (p) => fileURLToPath(new URL(p, import.meta.url));
const json = (p) => JSON.parse(fs.readFileSync(here(`./node_modules/${p}`), 'utf8'));
const grid = ([lon, lat]) => [Math.round(lon * 100), Math.round(lat * 100)];
const iso3 = new Map(json('i18n-iso-countries/codes.json').map(([, a3, n]) => [n, a3]));
iso3.delete('983');
const SIMPLIFY = 0.012; // square degrees; about a tenth of a pixel of a map 960 wide

function decode(atlas) {
  const { scale, translate } = atlas.transform;
  const arcs = atlas.arcs.map((arc) => {
    let [x, y] = [0, 0];
    return arc.map(([dx, dy]) => grid([(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]));
  });
  const line = (i) => (i < 0 ? arcs[~i].slice().reverse() : arcs[i]);
  const ring = (r) => r.flatMap((i, n) => (n === 0 ? line(i) : line(i).slice(1)));
  return atlas.objects.countries.geometries.map((f) => ({
    code: iso3.get(f.id), name: f.properties.name,
    rings: (f.type === 'Polygon' ? [f.arcs] : f.arcs ?? []).flat().map(ring),
  }));
}

// 1. Outlines at 1:110 million, continuous over the antimeridian.
const shapes = new Map();
for (const f of decode(json('world-atlas/countries-110m.json'))) {
  const id = f.code ?? f.name;
  const rings = f.rings.map(g.unwrap).map((r) => {
    const winds = Math.abs(r[r.length - 1][0] - r[0][0]) > 18000;
    return winds ? g.closeAtPole(r) : g.home(r);
  }).filter((r) => r.length >= 3);
  shapes.set(id, [...(shapes.get(id) ?? []), ...rings]);
}

// 2. Lines that vanish with a merge are kept first.
const lines = [];
for (const m of merges) {
  lines.push({ id: m.line, status: 'not-agreed', chains: g.shared(shapes.get(m.between[0]), shapes.get(m.between[1])) });
  shapes.set(m.into, g.dissolve([...shapes.get(m.into), ...shapes.get(m.name)]));
  shapes.delete(m.name);
}
for (const m of moves) {
  const at = grid(m.at);
  const part = shapes.get(m.from).filter((r) => g.contains([r], at));
  if (part.length !== 1) throw new Error(`${m.from} ${m.at}: ${part.length} rings`);
  const target = shapes.get(m.to) ?? [];
  if (m.line) lines.push({ id: m.line, status: m.status, chains: g.shared(part, target) });
  shapes.set(m.from, shapes.get(m.from).filter((r) => r !== part[0]));
  shapes.set(m.to, m.line ? g.dissolve([...target, ...part]) : [...target, ...part]);
}

// 3. The Line of Control is the India-Pakistan boundary north of Sialkot, taken before Jammu and Kashmir is cut out.
const [control] = g.shared(shapes.get('IND'), shapes.get('PAK')).filter((c) => g.nearest(c, grid([74.45, 32.77]))[1] < 10);
const start = g.nearest(control, grid([74.45, 32.77]))[0];
const end = g.nearest(control, grid([77.84, 35.49]))[0];
const lineOfControl = control.slice(Math.min(start, end), Math.max(start, end) + 1);

// 4. Cuts.
const vertex = (code, p) => {
  const found = shapes.get(code).map((r, i) => [i, ...g.nearest(r, grid(p))]).sort((a, b) => a[2] - b[2])[0];
  if (found[2] > 8) throw new Error(`${code}: no vertex at ${p}`);
  return found;
};
for (const c of cuts) {
  if (c.insert) {
    for (const code of [c.of, ...c.insert.alsoIn]) {
      shapes.set(code, shapes.get(code).map((r) => r.flatMap((p, i) => {
        const q = r[(i + 1) % r.length];
        const on = (v) => c.insert.between.some((b) => Math.hypot(v[0] - grid(b)[0], v[1] - grid(b)[1]) < 8);
        return on(p) && on(q) ? [p, grid(c.insert.point)] : [p];
      })));
    }
  }
  const [ring, a] = vertex(c.of, c.from);
  const [ring2, b] = vertex(c.of, c.to);
  if (ring !== ring2) throw new Error(`${c.as}: two rings`);
  const outline = shapes.get(c.of)[ring];
  const parts = g.cutRing(outline, a, b, c.path.map(grid));
  const taken = parts.findIndex((p) => g.contains([p], grid(c.probe)));
  if (taken < 0) throw new Error(`${c.as}: probe outside`);
  shapes.set(c.of, shapes.get(c.of).map((r) => (r === outline ? parts[1 - taken] : r)));
  const before = shapes.get(c.as) ?? [];
  shapes.set(c.as, c.as === 'ESH' ? g.dissolve([...before, parts[taken]]) : [...before, parts[taken]]);
}
for (const a of additions) {
  const ring = a.vertices.map((p) => {
    for (const rings of shapes.values()) for (const r of rings) { const [i, d] = g.nearest(r, grid(p)); if (d < 2) return r[i]; }
    return grid(p);
  });
  shapes.get(a.code).push(ring);
}

// 5. Lines between neighbours after the cuts, and all other boundaries as agreed.
for (const l of lineList) {
  const chains = l.special ? [lineOfControl] : l.between.flatMap(([p, q]) => g.shared(shapes.get(p), shapes.get(q)));
  if (chains.length === 0) throw new Error(`${l.id}: no line`);
  lines.push({ id: l.id, status: l.status, chains });
}
const codes = [...shapes.keys()].sort();
const open = new Set(lines.flatMap((l) => l.chains.flatMap((c) => c.slice(1).flatMap((p, i) => [`${c[i]}>${p}`, `${p}>${c[i]}`]))));
const agreed = [];
for (let i = 0; i < codes.length; i++) {
  for (let j = i + 1; j < codes.length; j++) {
    if (!/^[A-Z]{3}$/.test(codes[i]) || !/^[A-Z]{3}$/.test(codes[j])) continue;
    for (const c of g.shared(shapes.get(codes[i]), shapes.get(codes[j]))) if (!open.has(`${c[0]}>${c[1]}`)) agreed.push(c);
  }
}
lines.push({ id: 'agreed', status: 'agreed', chains: agreed });

// 6. Points for what has no outline, from the most detailed layer that shows it.
const points = new Map(extraPoints.map(([code, lon, lat]) => [code, grid([lon, lat])]));
for (const layer of ['50m', '10m']) {
  for (const f of decode(json(`world-atlas/countries-${layer}.json`))) {
    if (!f.code || shapes.has(f.code) || points.has(f.code)) continue;
    const size = (r) => Math.abs(r.reduce((s, p, i) => s + p[0] * r[(i + 1) % r.length][1] - r[(i + 1) % r.length][0] * p[1], 0));
    const ring = f.rings.map(g.unwrap).sort((p, q) => size(q) - size(p))[0];
    const xs = ring.map((p) => p[0]);
    const ys = ring.map((p) => p[1]);
    const x = Math.round((Math.min(...xs) + Math.max(...xs)) / 2);
    points.set(f.code, [x > 18000 ? x - 36000 : x, Math.round((Math.min(...ys) + Math.max(...ys)) / 2)]);
  }
}
for (const code of iso3.values()) if (!shapes.has(code) && !points.has(code)) throw new Error(`${code}: neither outline nor point`);

// 7. Write.
const ordered = new Map(codes.map((c) => [c, shapes.get(c)]));
lines.sort((a, b) => (a.id < b.id ? -1 : 1));
const t = g.topology(ordered, lines, SIMPLIFY);
const out = ['waymark-boundaries 1', 'grid 100', '[arcs]'];
for (const arc of t.arcs) out.push(arc.map(([x, y], i) => (i === 0 ? `${x} ${y}` : `${x - arc[i - 1][0]} ${y - arc[i - 1][1]}`)).join(' '));
out.push('[polygons]');
for (const [code, rings] of t.polygons) {
  const name = /^[A-Z]{3}$/.test(code) ? code + (within[code] ? `<${within[code]}` : '') : `~${code}`;
  out.push(`${name} ${rings.map((r) => r.join(' ')).join(' ; ')}`);
}
out.push('[lines]');
for (const l of t.lines) out.push(`${l.id} ${l.status} ${l.arcs.join(' ')}`);
out.push('[points]');
for (const code of [...points.keys()].sort()) out.push(`${code} ${points.get(code).join(' ')}`);
out.push('[notes]');
for (const [id, w, s, e, n, en, zh] of notes) out.push(`${id} ${world.has(id) ? 'world' : 'region'} ${grid([w, s]).join(' ')} ${grid([e, n]).join(' ')}`, ` en ${en}`, ` zh ${zh}`);
out.push('[tests]');
for (const [lon, lat, expected, why] of tests) out.push(`${grid([lon, lat]).join(' ')} ${expected} ${why}`);
fs.writeFileSync(here('../../packs/boundaries/un-practice/world.txt'), `${out.join('\n')}\n`);
console.log(`${t.arcs.length} arcs, ${t.arcs.reduce((s, a) => s + a.length, 0)} vertices, ${ordered.size} outlines, ${points.size} points`);
let wrong = 0;
for (const [lon, lat, expected, why] of tests) {
  const hit = codes.find((c) => [0, 36000, -36000].some((turn) => g.contains(shapes.get(c), [Math.round(lon * 100) + turn + 0.5, Math.round(lat * 100) + 0.5])));
  const answer = hit === undefined ? '-' : /^[A-Z]{3}$/.test(hit) ? hit : `~${hit}`;
  if (answer !== expected) { wrong++; console.error(`${why}: expected ${expected}, got ${answer}`); }
}
process.exit(wrong ? 3 : 0);
