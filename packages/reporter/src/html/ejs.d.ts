/** The parts of ejs 7 in use; the package has no type declarations. */
declare module 'ejs' {
  interface CompileOptions {
    readonly filename: string;
    readonly escape: (value: string | number | undefined) => string;
    readonly strict: boolean;
    readonly localsName: string;
    readonly rmWhitespace: boolean;
  }
  const ejs: {
    compile(template: string, options: CompileOptions): (page: object) => string;
  };
  export default ejs;
}
