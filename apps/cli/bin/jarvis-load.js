#!/usr/bin/env node
// @ts-check
/**
 * The `jarvis-load` command. Committed as plain JavaScript, so that `npm ci` can link it before the first build. In a
 * checkout it builds the program first when that is missing or older than its sources; in an installed package it only
 * starts it. The program runs in this process, so that it receives signals directly and sets the exit code itself.
 *
 * Must hold: the parent is read before the build. npm may end during it, and the program could no longer tell that it has.
 */
import { readFileSync } from 'node:fs';
import { ensureBuilt } from './ensure-built.js';

/** Read by `src/run/parent-watch.ts`. */
Reflect.set(globalThis, Symbol.for('jarvis-load.parent'), { pid: process.ppid, stat: statOf(process.ppid) });

function statOf(/** @type {number} */ pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`jarvis-load needs Node.js 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(2);
}

await ensureBuilt();
await import('../dist/main.js');
