/**
 * Which way imports may point. `docs/architecture.md` tells the way of a message through the rooms.
 *
 * Each room of `src/` lists the rooms that it may import, from the bottom up. What a room does not list, it cannot reach.
 */
const ROOMS = {
  validation: { imports: [], why: 'Errors and schemas: everything stands on them.' },
  resources: { imports: ['validation'], why: 'What can be cancelled, and how its kind writes its state.' },
  catalog: { imports: ['resources', 'validation'], why: 'Names, hosts and paths, as data.' },
  policy: {
    imports: ['catalog', 'resources', 'validation'],
    why: 'Whether a resource may be cancelled: a pure check.',
  },
  messages: {
    imports: ['catalog', 'validation'],
    why: 'What arrives and what is published, read and written without performing anything.',
  },
  telemetry: {
    imports: ['messages', 'validation'],
    why: 'Log and spans, for every room that performs.',
  },
  budgets: {
    imports: ['validation', 'ports'],
    why: 'Budget notifications and rules, decided without performing anything.',
  },
  calls: {
    imports: ['resources', 'telemetry', 'messages', 'validation', 'ports'],
    why: 'How one call is made: permit, send, classify, back off.',
  },
  cancellation: {
    imports: ['calls', 'resources', 'catalog', 'messages', 'validation', 'ports'],
    why: 'One state machine. It does not know sweeps, which only publish requests.',
  },
  sweeps: {
    imports: ['calls', 'resources', 'catalog', 'policy', 'messages', 'validation', 'ports'],
    why: 'The other state machine. It does not know cancellations: it publishes requests.',
  },
  settings: {
    imports: ['sweeps', 'budgets', 'policy', 'catalog', 'messages', 'validation'],
    why: 'Settings are read into the types of the rooms that use them.',
  },
  handlers: {
    imports: [
      'cancellation',
      'sweeps',
      'budgets',
      'calls',
      'policy',
      'catalog',
      'messages',
      'telemetry',
      'validation',
      'settings',
      'ports',
    ],
    why: 'One file for each kind of message. Handlers reach Google only through the ports.',
  },
  google: {
    imports: ['budgets', 'calls', 'resources', 'messages', 'settings', 'validation', 'ports'],
    why: 'Adapters implement the ports. They do not know what they are used for.',
  },
};

/** The rooms that decide import no port and nothing of Node but hashing, which is a pure function. */
const PURE =
  '^src/(?:resources|catalog|policy|messages|validation)/|^src/budgets/(?!idempotency-store)|^src/[^/]+/decide\\.ts$|^src/calls/(?:adaptive-rate|call-order|control-law|backoff)\\.ts$';

const roomRules = Object.entries(ROOMS).map(([room, { imports, why }]) => ({
  name: `${room}-imports`,
  comment: why,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: [`^src/${room}/`, ...imports.map((name) => `^src/${name}(?:/|\\.ts$)`)] },
}));

export default {
  forbidden: [
    ...roomRules,
    {
      name: 'pure-rooms-perform-nothing',
      comment: 'Rooms that decide import no port, no Google library and no I/O of Node.',
      severity: 'error',
      from: { path: PURE },
      to: {
        path: ['^src/ports\\.ts$', '^node_modules/', '^(?:node:)?[a-z_/]+$'],
        pathNot: ['^node_modules/valibot/', '^(?:node:)?crypto$', '^src/(?!ports)'],
      },
    },
    {
      name: 'only-adapters-import-node-and-google',
      comment: 'google/ and telemetry/ are the only doors to the outside; index.ts puts them together.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/google/', '^src/telemetry/', '^src/index\\.ts$'] },
      to: {
        path: ['^node_modules/', '^(?:node:)?[a-z_/]+$'],
        pathNot: ['^node_modules/valibot/', '^(?:node:)?crypto$', '^src/'],
      },
    },
    {
      name: 'google-is-connected-by-index',
      comment: 'Every other room takes adapters as ports, so that tests can give it others.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/google/', '^src/index\\.ts$'] },
      to: { path: '^src/google/' },
    },
    {
      name: 'handlers-are-wired-by-app',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/handlers/', '^src/app\\.ts$'] },
      to: { path: '^src/handlers/' },
    },
    {
      name: 'nothing-imports-the-composition-root',
      comment:
        'index.ts registers the function when it is loaded; createApp in app.ts is for everybody else.',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^src/index\\.ts$' },
    },
    {
      name: 'product-imports-no-tooling',
      comment: 'What is deployed never contains what only develops or tests it.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(?:client|local|cli|tools|test|bench)/' },
    },
    {
      name: 'only-tests-import-tests',
      severity: 'error',
      from: { path: '^(?:client|local|cli|tools)/' },
      to: { path: '^(?:test|bench)/' },
    },
    {
      name: 'client-takes-the-contract-from-the-function',
      comment:
        'The client checks requests and reads results by the code of the function that decides. It performs nothing of the function, and does not know the command.',
      severity: 'error',
      from: { path: '^client/' },
      to: {
        path: '^(?:src|cli|local|tools)/',
        pathNot: [
          '^src/(?:catalog|messages|resources|validation)/',
          '^src/cancellation/result\\.ts$',
          '^src/sweeps/report\\.ts$',
        ],
      },
    },
    {
      name: 'command-takes-the-page-and-no-emulator',
      comment:
        'Of the local system, the command knows its address, and the page, which `console` serves over a deployed system.',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: '^local/', pathNot: ['^local/page/', '^local/local-address\\.ts$'] },
    },
    {
      name: 'commands-load-nothing-before-they-run',
      comment:
        'The arguments of all commands are loaded for --help: what performs a command is imported when it runs.',
      severity: 'error',
      from: { path: '^cli/(?:(?:lro-cancel|program)\\.ts$|commands/)' },
      to: {
        path: '^(?:client|local|src|node_modules)/',
        pathNot: ['^node_modules/commander/', '^src/cancellation/outcome\\.ts$'],
        dependencyTypesNot: ['type-only'],
      },
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
