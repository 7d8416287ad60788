#!/usr/bin/env node
// A second verifier of an exported ledger, written from docs/formats/ledger-export.md and the public specifications it
// names, in another language than the product and without any dependency. Node.js 20.
//
//   tools/ledger/verify.mjs FOLDER --key VKEY [--witness VKEY]… [--quorum N] [--earlier FILE]… [--without-entries]
//
// Prints one line per finding, "fault CODE PLACE" or "notice CODE PLACE", then "holds SIZE ROOT" or "does not hold".
// Exit 0 the ledger holds, 3 faults, 2 wrong call. The codes are those of `waymark ledger verify`.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const FULL = 256;
const TOLERANCE = 120_000;

class Usage extends Error {}

// --- hashing, RFC 6962 section 2.1 -------------------------------------------------------------------------------------
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const leafHash = (entry) => sha256(Buffer.from([0]), entry);
const nodeHash = (left, right) => sha256(Buffer.from([1]), left, right);

/** Roots of perfect subtrees from left to right, as in a binary counter: appending carries equal sizes together. */
class Tree {
  constructor() {
    this.size = 0;
    this.peaks = []; // { height, hash }
    this.rows = []; // rows[level]: hashes of tiles at this level, since the last full tile
    this.onTile = () => {};
  }

  append(leaf) {
    this.size += 1;
    let peak = { height: 0, hash: leaf };
    this.keep(peak);
    while (this.peaks.length > 0 && this.peaks.at(-1).height === peak.height) {
      peak = { height: peak.height + 1, hash: nodeHash(this.peaks.pop().hash, peak.hash) };
      this.keep(peak);
    }
    this.peaks.push(peak);
  }

  /** A subtree of height 8n is one hash of a tile of level n. */
  keep({ height, hash }) {
    if (height % 8 !== 0) return;
    const level = height / 8;
    const row = (this.rows[level] ??= { index: 0, hashes: [] });
    row.hashes.push(hash);
    if (row.hashes.length === FULL) {
      this.onTile(level, row.index, row.hashes);
      row.index += 1;
      row.hashes = [];
    }
  }

  root() {
    if (this.peaks.length === 0) return sha256();
    return this.peaks.map((peak) => peak.hash).reduceRight((right, left) => nodeHash(left, right));
  }
}

// --- signed notes, C2SP signed-note, tlog-checkpoint, tlog-cosignature --------------------------------------------------
const base64 = (text) => {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
};

function readKey(text) {
  const [name, id, ...rest] = text.trim().split('+');
  const bytes = base64(rest.join('+'));
  if (!name || /\s/.test(name) || !/^[0-9a-f]{8}$/.test(id ?? '') || bytes?.length !== 33 || ![1, 4].includes(bytes[0])) {
    throw new Usage(`not a verifier key: ${text}`);
  }
  const expected = sha256(Buffer.from(`${name}\n`), bytes).subarray(0, 4);
  if (expected.toString('hex') !== id) throw new Usage(`the hash does not fit the key: ${text}`);
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), bytes.subarray(1)]);
  return { name, id: expected, type: bytes[0], key: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

function readNote(bytes) {
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
  const end = text.lastIndexOf('\n\n');
  if (bytes.length > 65536 || end < 0 || !text.endsWith('\n') || /[\u0000-\u0009\u000b-\u001f]/.test(text)) return null;
  const lines = text.slice(end + 2).split('\n').slice(0, -1);
  if (lines.length === 0 || lines.length > 64) return null;
  const signatures = [];
  for (const line of lines) {
    const match = /^— ([^\s+]+) (\S+)$/u.exec(line);
    const blob = match && base64(match[2]);
    if (!blob || blob.length < 5) return null;
    signatures.push({ name: match[1], id: blob.subarray(0, 4), bytes: blob.subarray(4) });
  }
  return { text: text.slice(0, end + 1), signatures };
}

function readCheckpoint(text) {
  const lines = text.split('\n');
  if (lines.length < 4 || lines.at(-1) !== '' || lines.slice(0, -1).some((line) => line === '')) return null;
  const root = base64(lines[2]);
  if (!/^(0|[1-9][0-9]{0,15})$/.test(lines[1]) || root?.length !== 32) return null;
  return { origin: lines[0], size: Number(lines[1]), root };
}

/** The valid signatures of these keys; null when a signature that names one of them is broken. */
function statements(note, keys) {
  const found = [];
  for (const signature of note.signatures) {
    const key = keys.find((known) => known.name === signature.name && known.id.equals(signature.id));
    if (!key) continue;
    let message = Buffer.from(note.text);
    let { bytes } = signature;
    let witnessed = null;
    if (key.type === 4) {
      if (bytes.length !== 72) return null;
      const seconds = bytes.readBigUInt64BE(0);
      if (seconds > 253402300799n) return null;
      witnessed = Number(seconds) * 1000;
      message = Buffer.from(`cosignature/v1\ntime ${seconds}\n${note.text}`);
      bytes = bytes.subarray(8);
    }
    if (bytes.length !== 64 || !verify(null, message, key.key, bytes)) return null;
    found.push({ key, witnessed });
  }
  return found;
}

// --- files ---------------------------------------------------------------------------------------------------------------
const read = (folder, path) => {
  const file = join(folder, path);
  return existsSync(file) && statSync(file).isFile() ? readFileSync(file) : null;
};

function numberPath(index, width) {
  const digits = [];
  for (let rest = index, first = true; first || rest > 0; rest = Math.floor(rest / 1000), first = false) {
    digits.unshift(String(rest % 1000).padStart(3, '0'));
  }
  const path = digits.map((part, i) => (i < digits.length - 1 ? `x${part}` : part)).join('/');
  return width === FULL ? path : `${path}.p/${width}`;
}

function readBundle(bytes) {
  const entries = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 2 > bytes.length) return null;
    const length = bytes.readUInt16BE(at);
    if (at + 2 + length > bytes.length) return null;
    entries.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return entries;
}

// --- the question ----------------------------------------------------------------------------------------------------------
export function check({ folder, log, witnesses = [], quorum = 0, earlier = [], withEntries = true }) {
  const faults = [];
  const notices = [];
  const fault = (code, place) => faults.length < 100 && faults.push({ code, place });
  const notice = (code, place) => notices.length < 100 && notices.push({ code, place });

  const signed = (place, bytes) => {
    const note = readNote(bytes);
    if (!note) return void fault('ledger.bad-note', place);
    const checkpoint = readCheckpoint(note.text);
    if (!checkpoint) return void fault('ledger.bad-checkpoint', place);
    if (!statements(note, [log])?.length) return void fault('ledger.not-signed', place);
    if (checkpoint.origin !== log.name) return void fault('ledger.wrong-origin', place);
    return { note, checkpoint };
  };

  const bytes = read(folder, 'checkpoint');
  if (!bytes) fault('ledger.missing', 'checkpoint');
  const newest = bytes && signed('checkpoint', bytes);
  if (!newest) return { faults, notices };
  const { size, root } = newest.checkpoint;
  const cosigned = statements(newest.note, witnesses);
  if (new Set((cosigned ?? []).map((s) => s.key)).size < quorum || !cosigned) fault('ledger.not-witnessed', 'checkpoint');

  const bySize = new Map(); // size → [{ place, root }]
  const seen = []; // { size, at }
  const remember = (place, checkpoint, signers) => {
    if (checkpoint.size > size) return void fault('ledger.rolled-back', place);
    if (place !== 'checkpoint') bySize.set(checkpoint.size, [...(bySize.get(checkpoint.size) ?? []), { place, root: checkpoint.root }]);
    for (const { witnessed } of signers ?? []) if (witnessed !== null) seen.push({ size: checkpoint.size, at: witnessed });
  };
  remember('checkpoint', newest.checkpoint, cosigned);
  const kept = join(folder, 'checkpoints');
  for (const name of existsSync(kept) ? readdirSync(kept).sort() : []) {
    const other = signed(`checkpoints/${name}`, readFileSync(join(kept, name)));
    if (other) remember(`checkpoints/${name}`, other.checkpoint, statements(other.note, witnesses));
  }
  earlier.forEach((note, i) => {
    const place = `earlier ${i + 1}`;
    const checkpoint = readCheckpoint(note.text);
    if (checkpoint?.origin !== log.name) return void fault('ledger.wrong-origin', place);
    const signers = statements(note, [log, ...witnesses]);
    if (!signers?.length) return void fault('ledger.evidence-not-signed', place);
    remember(place, checkpoint, signers);
  });

  const tree = new Tree();
  const compareTile = (level, index, hashes) => {
    if (level === 0) return;
    const path = `tile/${level}/${numberPath(index, hashes.length)}`;
    if (!read(folder, path)?.equals(Buffer.concat(hashes))) fault('ledger.tile-altered', path);
  };
  tree.onTile = compareTile;
  const compare = () => {
    for (const { place, root: expected } of bySize.get(tree.size) ?? []) {
      if (!tree.root().equals(expected)) fault('ledger.forked', place);
    }
  };

  let reached = 0;
  let wasBehind = false;
  let wasAhead = false;
  const lookAtTime = (index, entry) => {
    if (entry.length !== 113 || entry[0] !== 1) return;
    const at = entry.readUIntBE(1, 6);
    const isBehind = reached - at > TOLERANCE;
    if (isBehind && !wasBehind) notice('ledger.time-moved', `entry ${index}`);
    const first = seen.filter((s) => s.size > index).reduce((least, s) => Math.min(least, s.at), Infinity);
    const isAhead = at - first > TOLERANCE;
    if (isAhead && !wasAhead) notice('ledger.time-ahead', `entry ${index}`);
    [wasBehind, wasAhead] = [isBehind, isAhead];
    reached = Math.max(reached, at);
  };

  compare();
  for (let bundle = 0; bundle * FULL < size && faults.length < 100; bundle += 1) {
    const width = Math.min(FULL, size - bundle * FULL);
    const path = numberPath(bundle, width);
    const hashes = read(folder, `tile/0/${path}`);
    if (hashes?.length !== width * 32) {
      fault('ledger.missing', `tile/0/${path}`);
      break;
    }
    let entries = null;
    if (withEntries) {
      const there = read(folder, `tile/entries/${path}`);
      entries = there && readBundle(there);
      if (!entries) {
        fault('ledger.missing', `tile/entries/${path}`);
        break;
      }
      if (entries.length !== width) {
        fault('ledger.entries-missing', `tile/entries/${path}`);
        break;
      }
    }
    for (let i = 0; i < width; i += 1) {
      let hash = hashes.subarray(i * 32, i * 32 + 32);
      if (entries) {
        const leaf = leafHash(entries[i]);
        if (!leaf.equals(hash)) fault('ledger.entry-altered', `entry ${tree.size}`);
        hash = leaf;
        lookAtTime(tree.size, entries[i]);
      }
      tree.append(hash);
      compare();
    }
  }
  if (tree.size === size) {
    tree.rows.forEach((row, level) => row.hashes.length > 0 && compareTile(level, row.index, row.hashes));
    if (!tree.root().equals(root)) fault('ledger.root-differs', 'checkpoint');
  }
  return { faults, notices, size, root: root.toString('hex') };
}

function main(words) {
  const question = { witnesses: [], earlier: [] };
  for (let i = 0; i < words.length; i += 1) {
    const value = () => words[(i += 1)] ?? (() => { throw new Usage(`${words[i - 1]} needs a value`); })();
    const word = words[i];
    if (word === '--key') question.log = readKey(value());
    else if (word === '--witness') question.witnesses.push(readKey(value()));
    else if (word === '--quorum') question.quorum = Number.parseInt(value(), 10);
    else if (word === '--without-entries') question.withEntries = false;
    else if (word === '--earlier') {
      const file = value();
      const note = readNote(readFileSync(file));
      if (!note) throw new Usage(`not a signed note: ${file}`);
      question.earlier.push(note);
    } else if (word.startsWith('-') || question.folder) throw new Usage(`unknown word: ${word}`);
    else question.folder = word;
  }
  if (!question.folder || !question.log) throw new Usage('FOLDER and --key are needed');
  const { faults, notices, size, root } = check(question);
  for (const { code, place } of notices) console.log(`notice ${code} ${place}`);
  for (const { code, place } of faults) console.log(`fault ${code} ${place}`);
  console.log(faults.length === 0 ? `holds ${size} ${root}` : 'does not hold');
  return faults.length === 0 ? 0 : 3;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (problem) {
  if (!(problem instanceof Usage) && problem.code !== 'ENOENT') throw problem;
  console.error(problem.message);
  process.exitCode = 2;
}
