/** How TypeScript is read without a build, with the decorators that Nest needs: options of @swc/core. */
export default {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
};
