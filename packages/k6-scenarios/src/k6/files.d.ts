/** A WAV file, inlined as base64 by the build. */
declare module '*.wav' {
  const base64: string;
  export default base64;
}

/** A text file, inlined by the build. */
declare module '*.txt' {
  const text: string;
  export default text;
}
