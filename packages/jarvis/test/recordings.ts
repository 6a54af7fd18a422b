import { encodeWav, toRecording } from '../src/index.ts';

const wav = (seconds: number): Uint8Array =>
  encodeWav(
    Int16Array.from({ length: seconds * 16_000 }, (_, index) => index % 100),
    16_000,
  );

/** Two recordings for scenarios in tests. */
export const recordings = [
  toRecording('a.wav', wav(0.25), 'Bonjour, comment ça va ?'),
  toRecording('b.wav', wav(0.5), 'Il est l’heure.'),
];
