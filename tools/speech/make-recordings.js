// @ts-check
/**
 * `node tools/speech/make-recordings.js`: generates packages/jarvis/recordings from ./sentences.js. Run it by hand
 * after a change of the sentences and commit the output. Needs Debian's flite (English) and espeak-ng (French), and a
 * built packages/jarvis. The same versions of both give identical files.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeWav, encodeWav } from '../../packages/jarvis/dist/index.js';
import { resample } from './resample.js';
import { sentences } from './sentences.js';

const RATE = 16_000;
const MIN_SECONDS = 1;
/** Silence kept before and after the speech. */
const SILENCE_SECONDS = 0.1;
/** Samples below this level count as silence. */
const SILENCE_PEAK = 200;

const folder = fileURLToPath(new URL('../../packages/jarvis/recordings', import.meta.url));

/** @type {Record<keyof typeof sentences, (sentence: string, file: string) => void>} */
const speak = {
  en: (sentence, file) => run('flite', ['-voice', 'rms', '-t', sentence, '-o', file]),
  fr: (sentence, file) => run('espeak-ng', ['-v', 'fr-fr', '-s', '160', '-w', file, sentence]),
};

const scratch = mkdtempSync(join(tmpdir(), 'jarvis-load-speech-'));
let total = 0;
try {
  for (const language of /** @type {(keyof typeof sentences)[]} */ (Object.keys(sentences))) {
    const target = join(folder, language);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    for (const [index, sentence] of sentences[language].entries()) {
      const name = String(index + 1).padStart(2, '0');
      const spoken = join(scratch, 'spoken.wav');
      speak[language](sentence, spoken);
      const wav = decodeWav(readFileSync(spoken));
      if (wav === undefined || wav.channels !== 1) throw new Error(`${language}/${name}: not 16-bit mono`);
      const bytes = encodeWav(trim(resample(wav.samples, wav.sampleRate, RATE)), RATE);
      writeFileSync(join(target, `${name}.wav`), bytes);
      writeFileSync(join(target, `${name}.txt`), `${sentence}\n`);
      total += bytes.length;
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`${(total / 1e6).toFixed(2)} MB in ${folder}`);

/**
 * Cuts silence off both ends, and pads the result with silence to the minimum length.
 *
 * @param {Int16Array} samples
 */
function trim(samples) {
  const isLoud = (/** @type {number} */ sample) => Math.abs(sample) >= SILENCE_PEAK;
  const margin = SILENCE_SECONDS * RATE;
  const from = Math.max(0, samples.findIndex(isLoud) - margin);
  const to = Math.min(samples.length, samples.findLastIndex(isLoud) + margin);
  const speech = samples.subarray(from, to);
  const filled = new Int16Array(Math.max(speech.length, MIN_SECONDS * RATE));
  filled.set(speech);
  return filled;
}

/**
 * @param {string} program
 * @param {readonly string[]} words
 */
function run(program, words) {
  try {
    execFileSync(program, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  } catch (error) {
    throw new Error(`${program} failed; on Debian it comes with \`apt-get install ${program}\``, {
      cause: error,
    });
  }
}
