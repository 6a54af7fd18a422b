// The build inlines these files as strings: constants of the program, which k6 compiles once and shares between all
// users.
import audio1 from '@jarvis-load/jarvis/recordings/fr/02.wav';
import said1 from '@jarvis-load/jarvis/recordings/fr/02.txt';
import audio2 from '@jarvis-load/jarvis/recordings/fr/12.wav';
import said2 from '@jarvis-load/jarvis/recordings/fr/12.txt';
import audio3 from '@jarvis-load/jarvis/recordings/fr/15.wav';
import said3 from '@jarvis-load/jarvis/recordings/fr/15.txt';
import type { Speech } from './read-speech.ts';

/** Three short recordings, inlined so that a bundle needs no other file. */
export const bundledSpeech: Speech = {
  language: 'fr',
  recordings: [
    { said: said1.trim(), audioBase64: audio1 },
    { said: said2.trim(), audioBase64: audio2 },
    { said: said3.trim(), audioBase64: audio3 },
  ],
};
