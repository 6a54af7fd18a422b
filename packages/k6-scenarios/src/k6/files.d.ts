/** A WAV file as base64, by the build. */
declare module '*.wav' {
  const base64: string;
  export default base64;
}

/** A text file, by the build. */
declare module '*.txt' {
  const text: string;
  export default text;
}
