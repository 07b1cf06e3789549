/** Which way imports may point. See "Layout" in the README. */
export default {
  forbidden: [
    {
      name: 'core-is-pure',
      comment:
        'The core decides and performs nothing: no Google library, no adapter, no I/O of Node. Hashing is the one exception, being a pure function.',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { pathNot: ['^src/core/', '^node_modules/valibot/', '^(node:)?crypto$'] },
    },
    {
      name: 'catalogue-is-data',
      comment: "The catalogue knows names and hosts, and the core's errors; nothing of adapters.",
      severity: 'error',
      from: { path: '^src/catalog/' },
      to: { pathNot: ['^src/catalog/', '^src/core/'] },
    },
    {
      name: 'adapters-know-the-core-only',
      comment: 'An adapter in google/ implements what the core asks for; it does not know the story.',
      severity: 'error',
      from: { path: '^src/google/' },
      to: { path: '^src/', pathNot: ['^src/google/', '^src/core/', '^src/catalog/'] },
    },
    {
      name: 'nothing-imports-the-composition-root',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^src/index\\.ts$' },
    },
    {
      name: 'product-imports-no-tooling',
      comment: 'What is deployed never contains what only develops or tests it.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: ['^local/', '^test/', '^bench/'] },
    },
    {
      name: 'local-imports-no-tests',
      severity: 'error',
      from: { path: '^local/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-development-packages-in-the-product',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: '^node_modules/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
