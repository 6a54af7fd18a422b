export * from 'typebox/value';
export { default } from 'typebox/value';
